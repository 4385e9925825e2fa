/**
 * An agent: holds the connections of its part of the devices, on one event loop, and books what
 * comes. Start at {@link io.pushgate.loadtest.agent.Agent}.
 */
@NullMarked
package io.pushgate.loadtest.agent;

import org.jspecify.annotations.NullMarked;
