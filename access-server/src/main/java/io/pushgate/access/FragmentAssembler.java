package io.pushgate.access;

import io.netty.buffer.ByteBuf;

import java.util.Arrays;

/**
 * Puts the fragments of one text message together. The frame reader bounds each fragment; this
 * bounds all of them, by bytes and by number, as empty fragments could go on for ever. One thread.
 */
final class FragmentAssembler {
    /** Fragments of one message at most. */
    static final int MAX_FRAGMENTS = 16;

    private static final byte[] EMPTY = {};

    private final int maxBytes;
    private byte[] bytes = EMPTY;
    private int length;
    private int fragments;

    FragmentAssembler(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Takes in one more fragment, a copy of it.
     *
     * @param from index of its first byte
     * @return false where the message has become too large, or has too many fragments
     */
    boolean add(ByteBuf source, int from, int more) {
        if (fragments == MAX_FRAGMENTS || length + more > maxBytes) {
            return false;
        }
        fragments++;
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(maxBytes, Math.max(256, 2 * (length + more))));
        }
        source.getBytes(from, bytes, length, more);
        length += more;
        return true;
    }

    /** The whole message. */
    byte[] message() {
        return Arrays.copyOf(bytes, length);
    }
}
