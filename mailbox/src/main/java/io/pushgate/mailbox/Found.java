package io.pushgate.mailbox;

import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;

import org.jspecify.annotations.Nullable;

/** Where one message of a device stands. */
public sealed interface Found {
    /** Not offered to the device within the last 24 hours, and not in its inbox. */
    record Unknown() implements Found {}

    /**
     * It left the inbox: the device acked it, or it ended in another way.
     *
     * @param position {@link Position#NONE} if it was recalled before it was offered
     * @param origin partition and offset of its request, as {@code partition:offset}; {@code -} if
     *     it was recalled before it was offered
     * @param ended the final status it had, empty if it was acked
     */
    record Gone(Position position, String origin, String ended) implements Found {}

    /**
     * It is in the inbox.
     *
     * @param origin partition and offset of its request, empty where no longer remembered
     * @param acceptedAt epoch milliseconds
     * @param expiresAt epoch milliseconds
     * @param route the device's session, null while it has none
     * @param attempt redeliveries of the session since the device was armed
     */
    record Waiting(
            Position position,
            String origin,
            long acceptedAt,
            long expiresAt,
            boolean trace,
            @Nullable Route route,
            int attempt)
            implements Found {}
}
