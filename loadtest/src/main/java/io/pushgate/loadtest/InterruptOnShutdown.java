package io.pushgate.loadtest;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * While it is open, the end of the JVM (Ctrl-C) first interrupts the thread that opened it and
 * waits, at most 15 s, until that thread closes it: time for a report.
 */
final class InterruptOnShutdown implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook;

    InterruptOnShutdown() {
        Thread owner = Thread.currentThread();
        hook = new Thread(() -> interrupt(owner), "load-interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is on its way down: the hook runs, and returns now.
            return;
        }
    }

    private void interrupt(Thread owner) {
        owner.interrupt();
        try {
            boolean _ = closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
