package io.pushgate.runtime;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses between tries: doubling from {@code first} up to {@code most}, each drawn evenly from its
 * upper half so that parts that failed together don't come back together.
 */
public record Backoff(Duration first, Duration most) {
    /**
     * The pause after a failure; any thread.
     *
     * @param failures in a row, counted from 1
     */
    public Duration pause(int failures) {
        long bound = Math.min(most.toMillis(), first.toMillis() << Math.min(failures - 1, 20));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(bound / 2, bound + 1));
    }
}
