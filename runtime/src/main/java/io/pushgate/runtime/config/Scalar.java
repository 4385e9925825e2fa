package io.pushgate.runtime.config;

import org.jspecify.annotations.Nullable;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A setting of one value: how it is written, and what a person is told who wrote it wrong.
 *
 * @param type the Java type, primitives included
 * @param range bounds of a number, or null
 * @param durations bounds of a duration, or null
 */
record Scalar(Class<?> type, @Nullable Range range, @Nullable DurationRange durations) {
    static boolean supports(Class<?> type) {
        return type == String.class
                || type == Secret.class
                || type == Path.class
                || type == Duration.class
                || type == boolean.class
                || type == Boolean.class
                || type.isEnum()
                || isWhole(type)
                || isReal(type);
    }

    /**
     * @throws BadValueException in words for the person who wrote {@code text}
     */
    Object parse(String text) throws BadValueException {
        if (text.isBlank()) {
            throw new BadValueException("is empty; leave it out for the default");
        }
        if (type == String.class) {
            return text;
        }
        if (type == Secret.class) {
            return new Secret(text);
        }
        String value = text.strip();
        if (type == Path.class) {
            return parsePath(value);
        }
        if (type == Duration.class) {
            return parseDuration(value);
        }
        if (type == boolean.class || type == Boolean.class) {
            return parseBoolean(value);
        }
        if (type.isEnum()) {
            return parseEnum(value);
        }
        return isWhole(type) ? parseWhole(value) : parseReal(value);
    }

    /** What may be written, in words. */
    String allowed() {
        if (type == String.class || type == Secret.class) {
            return "text";
        }
        if (type == Path.class) {
            return "path";
        }
        if (type == Duration.class) {
            return "duration such as 500ms, 10s, 2m, 1h or 7d" + durationBounds();
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(Scalar::enumWord)
                            .collect(Collectors.joining(", "));
        }
        return (isWhole(type) ? "whole number" : "number") + numberBounds();
    }

    private Path parsePath(String value) throws BadValueException {
        try {
            return Path.of(value);
        } catch (InvalidPathException e) {
            throw bad(value);
        }
    }

    private Object parseDuration(String value) throws BadValueException {
        Duration duration;
        try {
            duration = Durations.parse(value);
        } catch (IllegalArgumentException e) {
            throw bad(value);
        }
        if (durations != null
                && (duration.compareTo(Durations.parse(durations.min())) < 0
                        || duration.compareTo(Durations.parse(durations.max())) > 0)) {
            throw bad(value);
        }
        return duration;
    }

    private Boolean parseBoolean(String value) throws BadValueException {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw bad(value);
        };
    }

    private Object parseEnum(String value) throws BadValueException {
        for (Object constant : type.getEnumConstants()) {
            if (enumWord(constant).equalsIgnoreCase(value.replace('_', '-'))) {
                return constant;
            }
        }
        throw bad(value);
    }

    private Object parseWhole(String value) throws BadValueException {
        long number;
        try {
            number = Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw bad(value);
        }
        boolean fits =
                switch (type.getSimpleName()) {
                    case "short", "Short" -> number == (short) number;
                    case "int", "Integer" -> number == (int) number;
                    default -> true;
                };
        if (!fits || !inRange((double) number)) {
            throw bad(value);
        }
        return switch (type.getSimpleName()) {
            case "short", "Short" -> (short) number;
            case "int", "Integer" -> (int) number;
            default -> number;
        };
    }

    private Double parseReal(String value) throws BadValueException {
        double number;
        try {
            number = Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw bad(value);
        }
        if (!Double.isFinite(number) || !inRange(number)) {
            throw bad(value);
        }
        return number;
    }

    private boolean inRange(double number) {
        return range == null || (number >= range.min() && number <= range.max());
    }

    private BadValueException bad(String value) {
        String shown = value.length() > 60 ? value.substring(0, 60) + "…" : value;
        return new BadValueException("\"" + shown + "\" is not allowed; allowed: " + allowed());
    }

    private String numberBounds() {
        if (range == null) {
            return "";
        }
        boolean from = range.min() != Double.NEGATIVE_INFINITY;
        boolean to = range.max() != Double.POSITIVE_INFINITY;
        return (from ? ", at least " + plain(range.min()) : "")
                + (to ? ", at most " + plain(range.max()) : "");
    }

    private String durationBounds() {
        return durations == null
                ? ""
                : ", at least " + durations.min() + ", at most " + durations.max();
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }

    private static String enumWord(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static boolean isWhole(Class<?> type) {
        return type == int.class
                || type == long.class
                || type == short.class
                || type == Integer.class
                || type == Long.class
                || type == Short.class;
    }

    private static boolean isReal(Class<?> type) {
        return type == double.class || type == Double.class;
    }
}
