package io.pushgate.protocol;

/**
 * The names that business services and devices choose, and the characters they may hold.
 *
 * <p>None may hold {@code /}, braces, white space or control characters, so that names can be
 * joined into Redis keys and log lines without escaping.
 */
public final class Names {
    public static final int MAX_APP_LENGTH = 64;
    public static final int MAX_LENGTH = 128;

    /** A group with {@code g.} before it. */
    public static final int MAX_LOG_LENGTH = MAX_LENGTH + 2;

    private Names() {}

    /** Message ids and collapse keys: 1 to 128 of {@code A-Z a-z 0-9 . _ : -}. */
    public static boolean isMessageId(String value) {
        return matches(value, MAX_LENGTH, "._:-");
    }

    /** Apps: 1 to 64 of {@code A-Z a-z 0-9 . _ -}. */
    public static boolean isApp(String value) {
        return matches(value, MAX_APP_LENGTH, "._-");
    }

    /** Devices, users and groups: 1 to 128 of {@code A-Z a-z 0-9 . _ : @ + -}. */
    public static boolean isAddress(String value) {
        return matches(value, MAX_LENGTH, "._:@+-");
    }

    /** Broadcast logs: 1 to 130 of the same. */
    public static boolean isLog(String value) {
        return matches(value, MAX_LOG_LENGTH, "._:@+-");
    }

    /** Platforms and access nodes: 1 to 64 of {@code A-Z a-z 0-9 . _ -}. */
    public static boolean isLabel(String value) {
        return matches(value, MAX_APP_LENGTH, "._-");
    }

    private static boolean matches(String value, int maxLength, String punctuation) {
        if (value.isEmpty() || value.length() > maxLength) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean alphanumeric =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!alphanumeric && punctuation.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
