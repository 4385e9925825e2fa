package io.pushgate.mailbox;

import io.pushgate.protocol.Position;

/** What became of a {@link LogOffer}. */
public sealed interface LogResult {
    /**
     * The message is in the log.
     *
     * @param previous the position given before this one, {@link Position#NONE} if there was none
     */
    record Accepted(Position position, Position previous) implements LogResult {}

    /**
     * The log was offered a message with this id within the last 24 h or more.
     *
     * @param position the place it was given then
     * @param sameOrigin whether that offer had the same origin: this one is a repeated try of it
     */
    record Duplicate(Position position, boolean sameOrigin) implements LogResult {}

    /**
     * The message was recalled before it came here, and is not in the log.
     *
     * @param sameOrigin whether it comes from where the first offer of it came from
     */
    record Recalled(boolean sameOrigin) implements LogResult {}
}
