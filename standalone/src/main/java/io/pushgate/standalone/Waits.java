package io.pushgate.standalone;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what nobody signals. */
public final class Waits {
    private static final Duration POLL = Duration.ofMillis(10);

    private Waits() {}

    /** Returns when the condition holds or the time is up. */
    public static void until(BooleanSupplier condition, Duration atMost)
            throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() - end < 0) {
            Thread.sleep(POLL);
        }
    }
}
