package io.pushgate.console.webhook;

import io.pushgate.runtime.Backoff;

import java.time.Duration;

/**
 * A circuit breaker: after {@value #OPENS_AFTER} failures in a row the endpoint is left alone, and
 * asked once in 30 to 60 s until it answers well. One thread; {@link #isOpen} any.
 */
final class Breaker {
    static final int OPENS_AFTER = 5;

    private static final Duration PROBE_EVERY = Duration.ofMinutes(1);

    private final Backoff retries;
    private final Backoff probes = new Backoff(PROBE_EVERY, PROBE_EVERY);
    private volatile int failures;

    /**
     * @param retries the pauses before it opens
     */
    Breaker(Backoff retries) {
        this.retries = retries;
    }

    boolean isOpen() {
        return failures >= OPENS_AFTER;
    }

    void succeeded() {
        failures = 0;
    }

    /** How long to wait now. */
    Duration failed() {
        int now = failures + 1;
        failures = now;
        return isOpen() ? probes.pause(1) : retries.pause(now);
    }
}
