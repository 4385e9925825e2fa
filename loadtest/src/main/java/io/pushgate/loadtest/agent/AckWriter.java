package io.pushgate.loadtest.agent;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.pushgate.loadtest.socket.Link;

/** Builds ack frames in a buffer that is used again and again. Belongs to one thread. */
final class AckWriter {
    private static final byte[] START = "{\"t\":\"ack\",\"pos\":\"".getBytes(US_ASCII);
    private static final int MAX_NUMBERS = 40;

    private final byte[] frame = new byte[START.length + MAX_NUMBERS + 2];
    private long sent;

    AckWriter() {
        System.arraycopy(START, 0, frame, 0, START.length);
    }

    void write(Link link, long millis, long sequence) {
        int end = put(START.length, millis);
        frame[end++] = '-';
        end = put(end, sequence);
        frame[end++] = '"';
        frame[end++] = '}';
        link.text(frame, end);
        link.flush();
        sent++;
    }

    long sent() {
        return sent;
    }

    private int put(int at, long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        long rest = number;
        for (int i = at + digits - 1; i >= at; i--) {
            frame[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return at + digits;
    }
}
