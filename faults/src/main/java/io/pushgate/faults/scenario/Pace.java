package io.pushgate.faults.scenario;

import java.util.concurrent.TimeUnit;

/** An even pace from its making on; who is late does not wait. One thread. */
final class Pace {
    /** The least that sleeping is good for. */
    private static final long WORTHWHILE_NANOS = 1_000_000;

    private final long start = System.nanoTime();
    private final double perSecond;

    Pace(double perSecond) {
        this.perSecond = perSecond;
    }

    /**
     * Waits until it is time for the one with that number.
     *
     * @param number from 0
     */
    void await(int number) throws InterruptedException {
        long due = start + (long) (number / perSecond * TimeUnit.SECONDS.toNanos(1));
        long left = due - System.nanoTime();
        if (left > WORTHWHILE_NANOS) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }
}
