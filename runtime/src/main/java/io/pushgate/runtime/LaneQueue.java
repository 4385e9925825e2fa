package io.pushgate.runtime;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * A queue of several lanes: what is taken is the oldest of the most urgent lane that holds
 * something. Every {@link #SHARE}th time it is the oldest of the least urgent one instead, so that
 * no lane waits for ever. Unbounded: its owner counts what it puts in. Any thread.
 */
public final class LaneQueue<T> {
    /** One in so many goes to the least urgent lane. */
    public static final int SHARE = 8;

    private final List<Queue<T>> lanes = new ArrayList<>();
    private int taken;

    /**
     * @param count of lanes, which are numbered from 0, the most urgent
     */
    public LaneQueue(int count) {
        for (int i = 0; i < count; i++) {
            lanes.add(new ArrayDeque<>());
        }
    }

    /**
     * @throws IndexOutOfBoundsException if there is no such lane
     */
    public synchronized void add(int lane, T item) {
        lanes.get(lane).add(item);
        notifyAll();
    }

    /** The next one, or null if there is none. */
    public synchronized @Nullable T poll() {
        boolean leastUrgent = (taken + 1) % SHARE == 0;
        for (int i = 0; i < lanes.size(); i++) {
            T next = lanes.get(leastUrgent ? lanes.size() - 1 - i : i).poll();
            if (next != null) {
                taken++;
                return next;
            }
        }
        return null;
    }

    /** The next one, which is waited for; null if none comes in time. */
    public synchronized @Nullable T poll(long timeout, TimeUnit unit) throws InterruptedException {
        long end = System.nanoTime() + unit.toNanos(timeout);
        T next = poll();
        while (next == null) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return null;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
            next = poll();
        }
        return next;
    }
}
