package io.pushgate.loadtest.machine;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits on the nanosecond clock, ending at once when the thread is interrupted. */
public final class Pacer {
    private static final long POLL_NANOS = 5_000_000;

    private Pacer() {}

    /** Returns at the given time, or at once if that has passed. */
    public static void awaitTime(long nanos) throws InterruptedException {
        long left = nanos - System.nanoTime();
        while (left > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(left);
            left = nanos - System.nanoTime();
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Returns whether the condition came true before the given time; looked at every 5 ms. */
    public static boolean awaitCondition(BooleanSupplier condition, long deadline)
            throws InterruptedException {
        while (!condition.getAsBoolean()) {
            long now = System.nanoTime();
            if (now - deadline >= 0) {
                return false;
            }
            awaitTime(now + Math.min(POLL_NANOS, deadline - now));
        }
        return true;
    }
}
