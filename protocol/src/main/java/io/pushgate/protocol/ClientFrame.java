package io.pushgate.protocol;

import org.jspecify.annotations.Nullable;

/** A text frame from a device to the access node; see {@code docs/protocol.md}. */
public sealed interface ClientFrame {
    /** Everything up to and including the position has reached the app. */
    record Ack(Position position, @Nullable String log) implements ClientFrame {}

    record Ping() implements ClientFrame {}
}
