/**
 * The load generator: many devices, an open-loop publisher, and an account of every message. Start
 * at {@link io.pushgate.loadtest.LoadTest}.
 */
@NullMarked
package io.pushgate.loadtest;

import org.jspecify.annotations.NullMarked;
