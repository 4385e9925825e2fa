package io.pushgate.access;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Decodes text as RFC 6455, 8.1 wants it: anything but valid UTF-8 fails. */
final class StrictUtf8 {
    private StrictUtf8() {}

    /** The text, or null where the bytes are not UTF-8. */
    static @Nullable String decode(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return decodeAny(bytes);
            }
        }
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static @Nullable String decodeAny(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
