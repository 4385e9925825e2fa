package io.pushgate.protocol;

import org.jspecify.annotations.Nullable;

/** A text frame from the access node to a device; see {@code docs/protocol.md}. */
public sealed interface ServerFrame {
    /**
     * The session is open.
     *
     * @param heartbeat milliseconds of silence after which the client pings
     * @param window messages sent and not acked, at most
     */
    record Welcome(String session, int heartbeat, int window) implements ServerFrame {}

    /**
     * A message.
     *
     * @param at when the gateway accepted it, epoch milliseconds
     * @param data the JSON text the business wrote
     * @param again whether it may have been sent before
     * @param log the broadcast log it comes from, null for the device's own inbox
     */
    record Push(
            Position position, String id, long at, String data, boolean again, @Nullable String log)
            implements ServerFrame {}

    /**
     * A message that was sent and is not acked was taken back: it is not for the app any more.
     *
     * @param log the broadcast log it came from, null for the device's own inbox
     */
    record Recall(Position position, String id, @Nullable String log) implements ServerFrame {}

    /**
     * Reconnect elsewhere after so many milliseconds.
     *
     * @param url where: a whole URL, or {@code //host:port} with the rest as it is; null for
     *     wherever the client connects by itself
     */
    record Goaway(String reason, long after, @Nullable String url) implements ServerFrame {
        public Goaway(String reason, long after) {
            this(reason, after, null);
        }
    }

    /**
     * What followed the client's place in a broadcast log is no longer kept.
     *
     * @param position the place that it goes on after
     */
    record Reset(String log, Position position) implements ServerFrame {}

    record Pong() implements ServerFrame {}

    record Failure(String code, String message) implements ServerFrame {}
}
