package io.pushgate.testkit;

import io.pushgate.runtime.Ticker;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** A clock and a ticker that stand still until a test moves them; any thread. */
public final class MutableClock extends Clock implements Ticker {
    private final Instant start;
    private final ZoneId zone;
    private final AtomicLong elapsed;

    public MutableClock(Instant start) {
        this(start, ZoneOffset.UTC, new AtomicLong());
    }

    private MutableClock(Instant start, ZoneId zone, AtomicLong elapsed) {
        this.start = start;
        this.zone = zone;
        this.elapsed = elapsed;
    }

    /** At 2026-01-01T00:00:00Z. */
    public static MutableClock create() {
        return new MutableClock(Instant.parse("2026-01-01T00:00:00Z"));
    }

    /** Moves both by {@code by}, forward unless it is negative. */
    public void advance(Duration by) {
        elapsed.addAndGet(by.toNanos());
    }

    @Override
    public Instant instant() {
        return start.plusNanos(elapsed.get());
    }

    @Override
    public long nanos() {
        return elapsed.get();
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    /** In another zone; moves together with this one. */
    @Override
    public MutableClock withZone(ZoneId newZone) {
        return new MutableClock(start, newZone, elapsed);
    }
}
