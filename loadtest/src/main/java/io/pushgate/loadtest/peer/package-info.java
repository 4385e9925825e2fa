/**
 * Drives any WebSocket server with the connections of the load generator, so that others are
 * measured by the same tool. Start at {@link io.pushgate.loadtest.peer.PeerRun}.
 */
@NullMarked
package io.pushgate.loadtest.peer;

import org.jspecify.annotations.NullMarked;
