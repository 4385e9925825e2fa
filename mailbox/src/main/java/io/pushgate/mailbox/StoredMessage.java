package io.pushgate.mailbox;

import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Names;

/** A message's fields as the scripts take and return them; flags are letters. */
final class StoredMessage {
    private static final char RECEIPT = 'r';
    private static final char TRACE = 't';
    private static final char ZSTD = 'z';
    private static final char FIRST_ACK = 'f';

    /** Only ever told to {@code offer.lua}: such a message is not stored. */
    private static final char RECALLED = 'k';

    private StoredMessage() {}

    static String flags(Offer offer, boolean compressed) {
        Message message = offer.message();
        StringBuilder flags = new StringBuilder(4);
        if (message.receipt()) {
            flags.append(RECEIPT);
        }
        if (message.trace()) {
            flags.append(TRACE);
        }
        if (compressed) {
            flags.append(ZSTD);
        }
        if (offer.firstAck()) {
            flags.append(FIRST_ACK);
        }
        if (offer.recalled()) {
            flags.append(RECALLED);
        }
        return flags.toString();
    }

    static Message decode(
            String id, String acceptedAt, String expiresAt, String flags, byte[] payload)
            throws InvalidInputException {
        if (!Names.isMessageId(id)) {
            throw new InvalidInputException("stored message without a valid id");
        }
        if (payload.length == 0) {
            throw new InvalidInputException("stored message " + id + " without its payload");
        }
        boolean compressed = flags.indexOf(ZSTD) >= 0;
        return new Message(
                id,
                millis(acceptedAt),
                millis(expiresAt),
                flags.indexOf(RECEIPT) >= 0,
                flags.indexOf(TRACE) >= 0,
                PayloadCodec.decode(new PayloadCodec.Stored(payload, compressed)));
    }

    private static long millis(String text) throws InvalidInputException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new InvalidInputException("stored message with an odd time: " + text, e);
        }
    }
}
