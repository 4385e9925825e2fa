/** The log of a process: its format, its bounds, and its levels at run time; over Logback. */
@NullMarked
package io.pushgate.runtime.log;

import org.jspecify.annotations.NullMarked;
