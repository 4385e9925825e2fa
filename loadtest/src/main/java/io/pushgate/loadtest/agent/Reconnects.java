package io.pushgate.loadtest.agent;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * When and where to connect again: "full jitter" as in docs/protocol.md, on top of what the server
 * asked for. Not thread-safe.
 */
final class Reconnects {
    private static final long FIRST_MILLIS = 500;
    private static final long MAX_MILLIS = 30_000;
    private static final int DOUBLINGS = 6;
    private static final long MAX_RETRY_AFTER_SECONDS = 600;
    private static final int MAX_DIGITS = 9;

    private final RandomGenerator random;

    Reconnects(RandomGenerator random) {
        this.random = random;
    }

    /**
     * @param retryAfter the header's value; anything but seconds counts as none
     * @param attempts before, in a row
     */
    long waitMillis(@Nullable String retryAfter, int attempts) {
        long bound = Math.min(MAX_MILLIS, FIRST_MILLIS << Math.min(attempts, DOUBLINGS));
        return asked(retryAfter) + random.nextLong(bound + 1);
    }

    /** The number of a server, to be taken modulo how many there are. */
    int server() {
        return random.nextInt(Integer.MAX_VALUE);
    }

    private static long asked(@Nullable String retryAfter) {
        if (retryAfter == null
                || retryAfter.isEmpty()
                || retryAfter.length() > MAX_DIGITS
                || !retryAfter.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        long seconds = Math.min(Long.parseLong(retryAfter), MAX_RETRY_AFTER_SECONDS);
        return TimeUnit.SECONDS.toMillis(seconds);
    }
}
