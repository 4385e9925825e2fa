/** The console's HTTP server: routes, keys, limits, errors. */
@NullMarked
package io.pushgate.console.http;

import org.jspecify.annotations.NullMarked;
