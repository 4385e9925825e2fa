package io.pushgate.access;

import io.netty.buffer.ByteBuf;
import io.pushgate.protocol.Position;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * Recognises, without parsing JSON, the two texts that clients send all the time, in the form in
 * which every client writes them. Anything else is left to {@link
 * io.pushgate.protocol.ClientFrameCodec}, which decides on what is valid.
 */
final class ClientTexts {
    private static final byte[] PING = ascii("{\"t\":\"ping\"}");
    private static final byte[] ACK = ascii("{\"t\":\"ack\",\"pos\":\"");
    private static final byte[] END = ascii("\"}");

    /** More might not fit into a long. */
    private static final int MAX_DIGITS = 18;

    private ClientTexts() {}

    static boolean isPing(ByteBuf bytes, int from, int length) {
        return length == PING.length && matches(bytes, from, PING);
    }

    /** The position of an ack, or null where the text is not one of the usual form. */
    static @Nullable Position ack(ByteBuf bytes, int from, int length) {
        int end = from + length - END.length;
        int start = from + ACK.length;
        if (end <= start || !matches(bytes, from, ACK) || !matches(bytes, end, END)) {
            return null;
        }
        int dash = bytes.indexOf(start, end, (byte) '-');
        long millis = digits(bytes, start, dash);
        long sequence = digits(bytes, dash + 1, end);
        return millis < 0 || sequence < 0 ? null : new Position(millis, sequence);
    }

    /** Negative where it is not a number that surely fits. */
    private static long digits(ByteBuf bytes, int from, int to) {
        if (to <= from || to - from > MAX_DIGITS) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes.getByte(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static boolean matches(ByteBuf bytes, int from, byte[] text) {
        for (int i = 0; i < text.length; i++) {
            if (bytes.getByte(from + i) != text[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
