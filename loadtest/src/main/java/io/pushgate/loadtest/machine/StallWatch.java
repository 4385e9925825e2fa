package io.pushgate.loadtest.machine;

import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The thread that ticks for {@link Stalls}, until it is closed. */
public final class StallWatch implements AutoCloseable {
    private final Stalls stalls = new Stalls(new MachineWork());
    private final Thread thread;
    private volatile boolean closed;

    private StallWatch() {
        thread = Thread.ofPlatform().name("stall-watch").daemon().unstarted(this::run);
    }

    public static StallWatch start() {
        StallWatch watch = new StallWatch();
        watch.thread.start();
        return watch;
    }

    /** Oldest first. */
    public List<Stalls.Interval> intervals() {
        return stalls.intervals();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!closed) {
            stalls.tick(System.nanoTime());
            LockSupport.parkNanos(this, Stalls.TICK.toNanos());
        }
    }
}
