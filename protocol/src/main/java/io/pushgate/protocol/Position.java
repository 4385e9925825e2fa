package io.pushgate.protocol;

/**
 * The place of a message in a device's inbox, as Redis streams number them: milliseconds, then a
 * sequence within the millisecond. Positions of one device only grow; they are the order key on the
 * wire.
 */
public record Position(long millis, long sequence) implements Comparable<Position> {
    /** Before every message. */
    public static final Position NONE = new Position(0, 0);

    public Position {
        if (millis < 0 || sequence < 0) {
            throw new IllegalArgumentException("negative position");
        }
    }

    /** Reads {@code <ms>-<n>}, both decimal and below 2^63. */
    public static Position parse(String text) throws InvalidInputException {
        int dash = text.indexOf('-');
        if (dash < 1 || dash == text.length() - 1 || text.length() > 39) {
            throw new InvalidInputException("not a position");
        }
        return new Position(digits(text, 0, dash), digits(text, dash + 1, text.length()));
    }

    private static long digits(String text, int from, int to) throws InvalidInputException {
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
                throw new InvalidInputException("not a position");
            }
            value = value * 10 + digit;
        }
        return value;
    }

    @Override
    public int compareTo(Position other) {
        int byMillis = Long.compare(millis, other.millis);
        return byMillis != 0 ? byMillis : Long.compare(sequence, other.sequence);
    }

    public boolean isAfter(Position other) {
        return compareTo(other) > 0;
    }

    @Override
    public String toString() {
        return millis + "-" + sequence;
    }
}
