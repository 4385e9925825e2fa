/** The console: what people and business services reach by HTTP. */
@NullMarked
package io.pushgate.console;

import org.jspecify.annotations.NullMarked;
