package io.pushgate.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential backoff with full jitter ("Exponential Backoff And Jitter", AWS Architecture Blog,
 * 2015): the n-th wait is uniform between zero and {@code min * 2^n}, at most {@code max}. Not
 * thread-safe.
 */
final class Backoff {
    private final long min;
    private final long max;
    private final RandomGenerator random;
    private int attempt;

    Backoff(Duration min, Duration max, RandomGenerator random) {
        if (min.isNegative() || min.isZero() || max.compareTo(min) < 0) {
            throw new IllegalArgumentException(
                    "backoff must be positive and min not above max: " + min + ", " + max);
        }
        this.min = min.toNanos();
        this.max = max.toNanos();
        this.random = random;
    }

    /** The next wait. */
    Duration next() {
        long bound = bound();
        attempt++;
        return Duration.ofNanos(random.nextLong(bound + 1));
    }

    void reset() {
        attempt = 0;
    }

    private long bound() {
        // Compared shifted down, for min << attempt would overflow after a night of attempts.
        return attempt >= 62 || min > (max >> attempt) ? max : min << attempt;
    }
}
