package io.pushgate.client;

import java.time.Duration;

/**
 * A connection was lost, or an attempt to connect failed.
 *
 * @param code the WebSocket close code, {@link #ABNORMAL} where the connection ended without one or
 *     never came up, or the HTTP status (below 1000) where the gateway refused the handshake
 * @param reason for people; never holds the token
 * @param willReconnect false after {@link PushgateClient#close} and before {@link
 *     PushgateListener#onTerminated}
 * @param after how long the client waits before it connects again, zero where it does not
 */
public record Disconnected(int code, String reason, boolean willReconnect, Duration after) {
    /** RFC 6455, 7.1.5: no close frame came. */
    public static final int ABNORMAL = 1006;
}
