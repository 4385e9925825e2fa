package io.pushgate.delayer;

import io.pushgate.runtime.Deadline;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Runs a task again and again on a thread of its own, with a pause of about {@code period} (within
 * a quarter, so that several delayers fall out of step) between the end of one run and the next.
 */
final class Repeater implements AutoCloseable {
    /** What is repeated; may block. */
    interface Task {
        void run() throws InterruptedException;
    }

    private static final Logger log = LoggerFactory.getLogger(Repeater.class);

    private final Duration period;
    private final Task task;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    Repeater(String name, Duration period, Task task) {
        this.period = period;
        this.task = task;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            do {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    // A bug in one run must not end redelivery for good.
                    log.error("{} failed, going on", thread.getName(), e);
                }
            } while (!stop.await(jittered(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            log.debug("{} interrupted", thread.getName());
        }
    }

    private long jittered() {
        long nanos = period.toNanos();
        return ThreadLocalRandom.current().nextLong(nanos - nanos / 4, nanos + nanos / 4 + 1);
    }

    /**
     * Starts no other run; whether the current one ended before the deadline. May be asked again.
     */
    boolean stop(Deadline deadline) throws InterruptedException {
        stop.countDown();
        return thread.getState() == Thread.State.NEW || thread.join(deadline.remaining());
    }

    @Override
    public void close() {
        stop.countDown();
        thread.interrupt();
    }
}
