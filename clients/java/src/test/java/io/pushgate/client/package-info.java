@NullMarked
package io.pushgate.client;

import org.jspecify.annotations.NullMarked;
