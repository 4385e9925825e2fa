package io.pushgate.client;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** How a connection, or the attempt at one, came to its end. */
sealed interface ConnectionEnd {
    /** As in {@link Disconnected#code}. */
    int code();

    /** For people. */
    String reason();

    /** The gateway sent a close frame. */
    record Closed(int code, String reason) implements ConnectionEnd {}

    /**
     * The gateway, or something before it, answered the handshake with another status than 101.
     *
     * @param retryAfter what its Retry-After header asked for
     */
    record Refused(int code, String reason, @Nullable Duration retryAfter)
            implements ConnectionEnd {}

    /** Everything else: unreachable, reset, silent, against the protocol, given up by us. */
    record Broken(String reason) implements ConnectionEnd {
        @Override
        public int code() {
            return Disconnected.ABNORMAL;
        }
    }
}
