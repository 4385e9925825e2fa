package io.pushgate.loadtest.machine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The intervals in which the machine stood still: a thread that does nothing but tick once a
 * millisecond came more than {@link #LATE} too late, although the processors were not busy and the
 * garbage collector was not at work. A late tick on a busy machine is no stall: then the load is
 * too high, and that is what a load test is to show.
 *
 * <p>Times are nanoseconds of one clock. {@link #tick} belongs to one thread; the rest is
 * thread-safe.
 */
public final class Stalls {
    public static final Duration TICK = Duration.ofMillis(2);
    public static final Duration LATE = Duration.ofMillis(20);

    /** Busier than this share of its processors over the interval, the machine was at work. */
    private static final double BUSY_SHARE = 0.5;

    /** How stale the processors' times may be; reading them each tick would cost too much. */
    private static final long SAMPLE_NANOS = Duration.ofMillis(20).toNanos();

    private static final int MAX_INTERVALS = 100_000;

    /** Reads how much work was done since some fixed moment. */
    public interface Work {
        /** Nanoseconds in which processors were busy, summed over all of them. */
        long busyNanos();

        /** Nanoseconds in which the garbage collector held this process up. */
        long collectorNanos();

        int processors();
    }

    /** From the last tick before the machine stood still to the first after. */
    public record Interval(long from, long to) {}

    private final Work work;
    private final List<Interval> intervals = new ArrayList<>();
    private long lastTick;
    private long sampledAt;
    private long busyAtSample;
    private long collectorAtSample;
    private boolean started;

    public Stalls(Work work) {
        this.work = work;
    }

    public void tick(long now) {
        if (started && now - lastTick - TICK.toNanos() > LATE.toNanos() && wasIdle(now)) {
            add(new Interval(lastTick, now));
        }
        if (!started || now - sampledAt >= SAMPLE_NANOS) {
            sampledAt = now;
            busyAtSample = work.busyNanos();
            collectorAtSample = work.collectorNanos();
        }
        started = true;
        lastTick = now;
    }

    /** Oldest first. */
    public synchronized List<Interval> intervals() {
        return List.copyOf(intervals);
    }

    private synchronized void add(Interval interval) {
        if (intervals.size() < MAX_INTERVALS) {
            intervals.add(interval);
        }
    }

    private boolean wasIdle(long now) {
        double share =
                (double) (work.busyNanos() - busyAtSample)
                        / ((double) (now - sampledAt) * work.processors());
        long collected = work.collectorNanos() - collectorAtSample;
        return share < BUSY_SHARE && collected < (now - lastTick) / 2;
    }
}
