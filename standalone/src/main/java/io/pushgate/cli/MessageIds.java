package io.pushgate.cli;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Message ids that sort by time, as UUID version 7 does (RFC 9562). */
final class MessageIds {
    private static final int RANDOM_BYTES = 8;
    private static final SecureRandom RANDOM = new SecureRandom();

    private MessageIds() {}

    /** 48 bits of milliseconds and 64 random bits, in hexadecimal. */
    static String next() {
        byte[] random = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(random);
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(System.currentTimeMillis(), 12) + "-" + hex.formatHex(random);
    }
}
