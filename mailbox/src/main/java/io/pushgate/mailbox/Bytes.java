package io.pushgate.mailbox;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Text and numbers as Redis takes them. */
final class Bytes {
    static final byte[] EMPTY = {};

    private Bytes() {}

    static byte[] of(String text) {
        return text.getBytes(UTF_8);
    }

    static byte[] of(long number) {
        return Long.toString(number).getBytes(UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
