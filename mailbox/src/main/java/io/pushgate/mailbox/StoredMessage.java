package io.pushgate.mailbox;

import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Names;

import java.util.Map;

/** A message's fields as the scripts take and return them; flags are letters. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record StoredMessage(String id, String acceptedAt, String expiresAt, String flags, byte[] payload) {
    private static final char RECEIPT = 'r';
    private static final char TRACE = 't';
    private static final char ZSTD = 'z';
    private static final char FIRST_ACK = 'f';

    /** Only ever told to a script, or by one: such a message is not stored with it. */
    private static final char RECALLED = 'k';

    /** The next five values of a reply. */
    static StoredMessage read(Reply reply) {
        return new StoredMessage(
                reply.text(), reply.text(), reply.text(), reply.text(), reply.bytes());
    }

    static String flags(Offer offer) {
        StringBuilder flags = flags(offer.message());
        if (offer.firstAck()) {
            flags.append(FIRST_ACK);
        }
        if (offer.recalled()) {
            flags.append(RECALLED);
        }
        return flags.toString();
    }

    static String flags(LogOffer offer) {
        StringBuilder flags = flags(offer.message());
        if (offer.recalled()) {
            flags.append(RECALLED);
        }
        return flags.toString();
    }

    boolean isRecalled() {
        return flags.indexOf(RECALLED) >= 0;
    }

    private static StringBuilder flags(Message message) {
        StringBuilder flags = new StringBuilder(4);
        if (message.receipt()) {
            flags.append(RECEIPT);
        }
        if (message.trace()) {
            flags.append(TRACE);
        }
        if (message.compressed()) {
            flags.append(ZSTD);
        }
        return flags;
    }

    /** The id of the dictionary that it takes to decode it, 0 for none. */
    long dictionary() {
        return stored().dictionary();
    }

    /** Bytes that it takes at most once it is decoded. */
    int size() {
        return (int) Math.clamp(stored().size(), 0L, PayloadCodec.MAX_BYTES);
    }

    /**
     * @param dictionaries those that there are of the ones asked for
     */
    Message decode(PayloadCodec codec, Map<Long, Dictionary> dictionaries)
            throws InvalidInputException {
        if (!Names.isMessageId(id)) {
            throw new InvalidInputException("stored message without a valid id");
        }
        if (payload.length == 0) {
            throw new InvalidInputException("stored message " + id + " without its payload");
        }
        return new Message(
                id,
                millis(acceptedAt),
                millis(expiresAt),
                flags.indexOf(RECEIPT) >= 0,
                flags.indexOf(TRACE) >= 0,
                codec.decode(stored(), dictionaries.get(dictionary())));
    }

    private PayloadCodec.Stored stored() {
        return new PayloadCodec.Stored(payload, flags.indexOf(ZSTD) >= 0);
    }

    private static long millis(String text) throws InvalidInputException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new InvalidInputException("stored message with an odd time: " + text, e);
        }
    }
}
