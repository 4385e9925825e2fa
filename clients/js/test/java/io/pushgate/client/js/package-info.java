/** Runs the npm package's tests with all others. */
@NullMarked
package io.pushgate.client.js;

import org.jspecify.annotations.NullMarked;
