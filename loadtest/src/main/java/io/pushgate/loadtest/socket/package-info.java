/** WebSocket connections that cost a load generator little: Netty's frames and one handler. */
@NullMarked
package io.pushgate.loadtest.socket;

import org.jspecify.annotations.NullMarked;
