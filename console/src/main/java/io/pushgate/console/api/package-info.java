/** What the HTTP API does. */
@NullMarked
package io.pushgate.console.api;

import org.jspecify.annotations.NullMarked;
