package io.pushgate.loadtest.peer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;

import java.util.Arrays;

/**
 * What is sent to a peer: {@code {"m":17,"s":1763712345678123,"pad":"xxx"}}, the message's number
 * and when it was due. Found also within what a server wraps around it, if not too far in. One at a
 * time; belongs to one thread.
 */
final class PeerMessage {
    private static final byte[] MESSAGE = "{\"m\":".getBytes(US_ASCII);
    private static final byte[] DUE = ",\"s\":".getBytes(US_ASCII);
    private static final int HEAD_BYTES = 512;
    private static final int MAX_DIGITS = 18;

    private final byte[] head = new byte[HEAD_BYTES];
    private int at;
    private int length;

    /** Of the message read last. */
    int number;

    long due;

    /** Exactly so many bytes. */
    static byte[] encode(int number, long due, int bytes) {
        byte[] start = "{\"m\":%d,\"s\":%d,\"pad\":\"".formatted(number, due).getBytes(US_ASCII);
        byte[] text = Arrays.copyOf(start, bytes);
        Arrays.fill(text, start.length, bytes, (byte) 'x');
        text[bytes - 2] = '"';
        text[bytes - 1] = '}';
        return text;
    }

    /** Whether there is a message of ours in it; only then the fields are set. */
    boolean read(ByteBuf text) {
        length = Math.min(text.readableBytes(), HEAD_BYTES);
        text.getBytes(text.readerIndex(), head, 0, length);
        for (int start = 0; start + MESSAGE.length <= length; start++) {
            at = start;
            if (skip(MESSAGE)) {
                long value = digits();
                if (value < 0 || value > Integer.MAX_VALUE || !skip(DUE)) {
                    return false;
                }
                number = (int) value;
                due = digits();
                return due >= 0;
            }
        }
        return false;
    }

    private boolean skip(byte[] literal) {
        if (length - at < literal.length
                || !Arrays.equals(head, at, at + literal.length, literal, 0, literal.length)) {
            return false;
        }
        at += literal.length;
        return true;
    }

    private long digits() {
        long value = 0;
        int start = at;
        while (at < length && head[at] >= '0' && head[at] <= '9' && at - start < MAX_DIGITS) {
            value = value * 10 + (head[at] - '0');
            at++;
        }
        return at == start ? -1 : value;
    }
}
