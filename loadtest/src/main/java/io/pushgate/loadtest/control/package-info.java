/**
 * What coordinator and agents say to each other: one JSON object a line over TCP. Start at {@link
 * io.pushgate.loadtest.control.ControlMessage}.
 */
@NullMarked
package io.pushgate.loadtest.control;

import org.jspecify.annotations.NullMarked;
