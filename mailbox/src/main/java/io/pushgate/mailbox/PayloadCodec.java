package io.pushgate.mailbox;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;

import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.PushRequestCodec;

import org.jspecify.annotations.Nullable;

/**
 * Payloads as they are stored: above a size compressed with zstd, where that makes them smaller.
 *
 * <p>What was compressed with a dictionary says so itself: a zstd frame holds the dictionary's id.
 * Any thread.
 */
final class PayloadCodec implements AutoCloseable {
    /** No payload is larger, so a corrupt or malicious frame can't take more. */
    static final int MAX_BYTES = PushRequestCodec.MAX_DATA_BYTES;

    /**
     * With a dictionary payloads of a fraction of the size are worth it: what short ones have in
     * common with others is not in themselves.
     */
    private static final int DICTIONARY_DIVISOR = 4;

    private final ZstdContexts contexts = new ZstdContexts();
    private final int compressAbove;

    PayloadCodec(int compressAbove) {
        this.compressAbove = compressAbove;
    }

    /**
     * A payload in its stored form.
     *
     * @param bytes not to be changed
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Stored(byte[] bytes, boolean compressed) {
        /** The id of the dictionary that it takes to read it, 0 for none. */
        long dictionary() {
            return compressed && bytes.length > 0 ? Zstd.getDictIdFromFrame(bytes) : 0;
        }

        /** The payload's bytes as the frame says, which may be corrupt; below 1 if it says none. */
        long size() {
            return compressed && bytes.length > 0 ? Zstd.getFrameContentSize(bytes) : bytes.length;
        }
    }

    /**
     * @param dictionary of the payload's app; null where it has none
     */
    Stored encode(byte[] payload, @Nullable Dictionary dictionary) {
        int above = dictionary == null ? compressAbove : compressAbove / DICTIONARY_DIVISOR;
        if (payload.length <= above) {
            return new Stored(payload, false);
        }
        ZstdContexts.Context context = contexts.take();
        try {
            byte[] smaller = context.compress(payload, dictionary);
            return smaller.length < payload.length
                    ? new Stored(smaller, true)
                    : new Stored(payload, false);
        } finally {
            contexts.giveBack(context);
        }
    }

    /**
     * @param dictionary the one that {@link Stored#dictionary} names; null if it names none, or one
     *     that nobody has
     */
    byte[] decode(Stored stored, @Nullable Dictionary dictionary) throws InvalidInputException {
        if (!stored.compressed()) {
            return stored.bytes();
        }
        long size = stored.size();
        if (size < 1 || size > MAX_BYTES) {
            throw new InvalidInputException("compressed payload of an odd size: " + size);
        }
        long needed = stored.dictionary();
        if (needed != 0 && (dictionary == null || dictionary.id() != needed)) {
            throw new InvalidInputException(
                    "compressed payload of dictionary " + needed + ", which is not there");
        }
        ZstdContexts.Context context = contexts.take();
        try {
            return context.decompress(stored.bytes(), (int) size, needed == 0 ? null : dictionary);
        } catch (ZstdException e) {
            throw new InvalidInputException("compressed payload is corrupt", e);
        } finally {
            contexts.giveBack(context);
        }
    }

    /** How many dictionaries lie ready outside the heap, counted for each direction. */
    int forms() {
        return contexts.forms();
    }

    /** Frees what is held outside the heap; what is called later works, only slower. */
    @Override
    public void close() {
        contexts.close();
    }
}
