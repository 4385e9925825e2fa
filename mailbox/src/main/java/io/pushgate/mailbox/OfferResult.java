package io.pushgate.mailbox;

import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What became of an {@link Offer}. */
public sealed interface OfferResult {
    /**
     * The message waits in the inbox.
     *
     * @param previous the position given before this one, {@link Position#NONE} if there was none
     * @param route where the device is connected, null if it is not
     * @param receipts of messages that gave way to this one, overflowed or superseded
     */
    record Accepted(
            Position position,
            Position previous,
            @Nullable Route route,
            List<OutboxReceipt> receipts)
            implements OfferResult {}

    /**
     * The device was offered a message with this id within the last 24 h or more.
     *
     * @param position the place it was given then
     * @param route where the device is connected, null if it is not
     * @param waiting whether the message is still in the inbox
     * @param sameOrigin whether that offer had the same origin: this one is a repeated try of it
     */
    record Duplicate(Position position, @Nullable Route route, boolean waiting, boolean sameOrigin)
            implements OfferResult {}

    /**
     * The message was recalled before it was offered; the device does not get it.
     *
     * @param sameOrigin whether the offer that was refused first had the same origin
     * @param receipts {@code recalled}, with the first such offer only
     */
    record Recalled(boolean sameOrigin, List<OutboxReceipt> receipts) implements OfferResult {}

    /**
     * The device last connected with a platform the message is not meant for; nothing is stored.
     */
    record WrongPlatform() implements OfferResult {}
}
