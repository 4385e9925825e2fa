package io.pushgate.runtime.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: a whole number and {@code ms}, {@code s}, {@code m}, {@code h} or
 * {@code d}.
 */
public final class Durations {
    private static final Pattern FORM = Pattern.compile("(\\d{1,15})(ms|s|m|h|d)");

    /** A hundred years: beyond it a duration no longer fits into nanoseconds of a long. */
    private static final Duration MAX = Duration.ofDays(36_500);

    private Durations() {}

    /**
     * @throws IllegalArgumentException if {@code text} is no duration, or longer than 36500d
     */
    public static Duration parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no duration: " + text);
        }
        long number = Long.parseLong(matcher.group(1));
        Duration unit =
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(1);
                    case "s" -> Duration.ofSeconds(1);
                    case "m" -> Duration.ofMinutes(1);
                    case "h" -> Duration.ofHours(1);
                    default -> Duration.ofDays(1);
                };
        if (number > MAX.dividedBy(unit)) {
            throw new IllegalArgumentException("longer than 36500d: " + text);
        }
        return unit.multipliedBy(number);
    }
}
