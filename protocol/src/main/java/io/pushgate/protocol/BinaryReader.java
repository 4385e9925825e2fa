package io.pushgate.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what {@link BinaryWriter} wrote. Every length and count is checked against its bound and
 * against the bytes that are left before anything is allocated for it.
 */
final class BinaryReader {
    private static final int MAX_TIMES_SEVEN_BITS = 63;

    private final byte[] bytes;
    private final String subject;
    private int index;

    /**
     * @param subject what the bytes are, the first words of every error message
     */
    BinaryReader(byte[] bytes, String subject) {
        this.bytes = bytes;
        this.subject = subject;
    }

    /** An error about the bytes; {@code problem} goes on after the subject. */
    InvalidInputException invalid(String problem) {
        return new InvalidInputException(subject + " " + problem);
    }

    int u8() throws InvalidInputException {
        if (index == bytes.length) {
            throw invalid("ends too early");
        }
        return bytes[index++] & 0xFF;
    }

    /** Any 64 bits; refuses a number that is written longer than need be. */
    long varint() throws InvalidInputException {
        long value = 0;
        for (int shift = 0; shift <= MAX_TIMES_SEVEN_BITS; shift += 7) {
            int b = u8();
            boolean fits = shift < MAX_TIMES_SEVEN_BITS || b <= 1;
            value |= (long) (b & 0x7F) << shift;
            if (b < 0x80 && fits && (b != 0 || shift == 0)) {
                return value;
            }
            if (b < 0x80) {
                break;
            }
        }
        throw invalid("holds a malformed number");
    }

    /** A number from 0 to {@code max}. */
    long natural(long max, String what) throws InvalidInputException {
        long value = varint();
        if (value < 0 || value > max) {
            throw invalid("has a bad " + what + ": at most " + max + " is allowed");
        }
        return value;
    }

    /**
     * How many items follow, each of which takes at least {@code itemBytes}.
     *
     * @throws InvalidInputException above {@code max}, or above what the rest can hold
     */
    int count(int max, int itemBytes, String what) throws InvalidInputException {
        int count = (int) natural(max, what);
        if (count > (bytes.length - index) / itemBytes) {
            throw invalid("ends too early");
        }
        return count;
    }

    byte[] block(int maxBytes, String what) throws InvalidInputException {
        int length = count(maxBytes, 1, what);
        index += length;
        return Arrays.copyOfRange(bytes, index - length, index);
    }

    /** Leaves out what {@link BinaryWriter#block} wrote. */
    void skipBlock(int maxBytes, String what) throws InvalidInputException {
        int length = count(maxBytes, 1, what);
        index += length;
    }

    /** UTF-8; U+FFFD is refused along with malformed bytes. */
    String text(int maxBytes, String what) throws InvalidInputException {
        int length = count(maxBytes, 1, what);
        String text = new String(bytes, index, length, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            throw invalid("has a bad " + what + ": it is not UTF-8");
        }
        index += length;
        return text;
    }

    void version(int expected) throws InvalidInputException {
        int version = u8();
        if (version != expected) {
            throw invalid("has the unknown version " + version);
        }
    }

    void end() throws InvalidInputException {
        if (index != bytes.length) {
            throw invalid("is followed by bytes that do not belong to it");
        }
    }
}
