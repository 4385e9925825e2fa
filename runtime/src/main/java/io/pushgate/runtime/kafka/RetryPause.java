package io.pushgate.runtime.kafka;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What a thread that must never end does after a failure: report it and wait, twice as long each
 * time, up to a limit. Owned by that thread.
 */
final class RetryPause {
    private final CountDownLatch stop;
    private final Duration first;
    private final Duration limit;
    private Duration next;

    /** Tells of a failure. */
    @FunctionalInterface
    interface Report {
        /**
         * @param isFirst whether it is the first failure in a row, worth a stack trace
         */
        void tell(Duration wait, boolean isFirst);
    }

    /**
     * @param stop ends every wait at zero
     */
    RetryPause(CountDownLatch stop, Duration first, Duration limit) {
        this.stop = stop;
        this.first = first;
        this.limit = limit;
        this.next = first;
    }

    /** Reports and waits; an interrupt ends the wait and is cleared. */
    void after(Report report) {
        Duration wait = next;
        boolean isFirst = wait.equals(first);
        Duration doubled = wait.multipliedBy(2);
        next = doubled.compareTo(limit) > 0 ? limit : doubled;
        try {
            report.tell(wait, isFirst);
        } catch (RuntimeException | Error e) {
            // Even logging can fail, such as without file descriptors or memory; the thread goes
            // on.
        }
        try {
            boolean _ = stop.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // Only the latch ends the thread.
        }
    }

    /** It went well: the next failure is a first one. */
    void reset() {
        next = first;
    }
}
