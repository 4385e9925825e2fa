package io.pushgate.loadtest.machine;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The machine's clock in microseconds since 1970: what processes of one machine have in common. */
public final class WallClock {
    private static final long MICROS_PER_SECOND = 1_000_000;

    private WallClock() {}

    public static long micros() {
        Instant now = Instant.now();
        return now.getEpochSecond() * MICROS_PER_SECOND
                + TimeUnit.NANOSECONDS.toMicros(now.getNano());
    }

    /** When it was, or will be, so late by {@link System#nanoTime}. */
    public static long microsAt(long nanoTime) {
        return micros() + TimeUnit.NANOSECONDS.toMicros(nanoTime - System.nanoTime());
    }
}
