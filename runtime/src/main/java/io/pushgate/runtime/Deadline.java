package io.pushgate.runtime;

import java.time.Duration;

/**
 * A moment on a {@link Ticker} by which something has to be done; passed down so that every step of
 * a drain shares one limit.
 *
 * @param nanos the reading of the ticker at which the time is up
 * @param ticker the clock that the moment belongs to
 */
public record Deadline(long nanos, Ticker ticker) {
    /**
     * The moment that lies {@code duration} ahead on {@code ticker}; a negative duration has
     * passed.
     */
    public static Deadline in(Duration duration, Ticker ticker) {
        return new Deadline(ticker.nanos() + duration.toNanos(), ticker);
    }

    /** What is left, never negative. */
    public Duration remaining() {
        return Duration.ofNanos(remainingNanos());
    }

    /** What is left in nanoseconds, never negative. */
    public long remainingNanos() {
        return Math.max(0, nanos - ticker.nanos());
    }

    public boolean expired() {
        return remainingNanos() == 0;
    }

    /** This deadline, or the one {@code duration} ahead if that comes first. */
    public Deadline orIn(Duration duration) {
        Deadline other = in(duration, ticker);
        return other.nanos - nanos < 0 ? other : this;
    }
}
