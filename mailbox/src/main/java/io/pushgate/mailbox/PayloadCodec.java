package io.pushgate.mailbox;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;

import io.pushgate.protocol.InvalidInputException;

/**
 * Payloads as they are stored: above a size compressed with zstd, where that makes them smaller.
 */
final class PayloadCodec {
    /** No stored payload is larger once it is decompressed, so a corrupt one can't take more. */
    static final int MAX_BYTES = 1 << 20;

    private static final int LEVEL = 3;

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
    record Stored(byte[] bytes, boolean compressed) {}

    Stored encode(byte[] payload) {
        if (payload.length > compressAbove) {
            byte[] smaller = Zstd.compress(payload, LEVEL);
            if (smaller.length < payload.length) {
                return new Stored(smaller, true);
            }
        }
        return new Stored(payload, false);
    }

    static byte[] decode(Stored stored) throws InvalidInputException {
        if (!stored.compressed()) {
            return stored.bytes();
        }
        long size = Zstd.getFrameContentSize(stored.bytes());
        if (size < 1 || size > MAX_BYTES) {
            throw new InvalidInputException("compressed payload of an odd size");
        }
        try {
            return Zstd.decompress(stored.bytes(), (int) size);
        } catch (ZstdException e) {
            throw new InvalidInputException("compressed payload is corrupt", e);
        }
    }
}
