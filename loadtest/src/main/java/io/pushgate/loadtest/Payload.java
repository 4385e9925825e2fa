package io.pushgate.loadtest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is in a message: {@code {"message":17,"sequence":3,"pad":"xxx"}}.
 *
 * @param message its number in the schedule
 * @param sequence its number among the messages of its device
 */
record Payload(int message, int sequence) {
    /** Both numbers at their longest, and no padding. */
    static final int MIN_BYTES = 64;

    private static final Pattern TEXT =
            Pattern.compile("\\{\"message\":(\\d{1,9}),\"sequence\":(\\d{1,9}),\"pad\":\"x*\"}");

    /** Exactly so many bytes of JSON. */
    byte[] encode(int bytes) {
        byte[] head =
                "{\"message\":%d,\"sequence\":%d,\"pad\":\""
                        .formatted(message, sequence)
                        .getBytes(US_ASCII);
        byte[] text = Arrays.copyOf(head, bytes);
        Arrays.fill(text, head.length, bytes, (byte) 'x');
        text[bytes - 2] = '"';
        text[bytes - 1] = '}';
        return text;
    }

    /** Null for what no load test has written. */
    static @Nullable Payload decode(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        return new Payload(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }
}
