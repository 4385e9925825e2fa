package io.pushgate.access;

import io.pushgate.protocol.Position;

import java.util.Arrays;

/**
 * What was sent on a session and not acked, oldest first: a ring of numbers that grows up to the
 * window, and is let go when all is acked, as a device is idle most of the time. One thread.
 */
final class InFlight {
    /** Position (two), sent at (ticker nanoseconds), requested at (epoch ms, 0 where unknown). */
    private static final int FIELDS = 4;

    /** Most devices have one message in flight at a time. */
    private static final int FIRST_CAPACITY = 1;

    private static final int GROWTH = 4;
    private static final long[] NONE = {};

    private final int window;
    private long[] ring = NONE;
    private int head;
    private int size;

    /**
     * @param window messages at most
     */
    InFlight(int window) {
        this.window = window;
    }

    int size() {
        return size;
    }

    /** How many more may be sent. */
    int room() {
        return window - size;
    }

    /**
     * @param requestedAt epoch milliseconds, 0 where it is not known or says nothing
     */
    void add(Position position, long sentAtNanos, long requestedAt) {
        if (size == window) {
            throw new IllegalStateException("the window is full");
        }
        if (size == capacity()) {
            grow();
        }
        int at = slot(size);
        ring[at] = position.millis();
        ring[at + 1] = position.sequence();
        ring[at + 2] = sentAtNanos;
        ring[at + 3] = requestedAt;
        size++;
    }

    boolean contains(Position position) {
        for (int i = 0; i < size; i++) {
            int at = slot(i);
            if (ring[at] == position.millis() && ring[at + 1] == position.sequence()) {
                return true;
            }
        }
        return false;
    }

    /** Takes out everything up to the position and reports each to the listener. */
    int ackUpTo(Position position, AckListener listener) {
        int acked = 0;
        while (size > 0) {
            int at = slot(0);
            long byMillis = Long.compare(ring[at], position.millis());
            if (byMillis > 0 || (byMillis == 0 && ring[at + 1] > position.sequence())) {
                break;
            }
            listener.acked(ring[at + 2], ring[at + 3]);
            head = (head + 1) % capacity();
            size--;
            acked++;
        }
        if (size == 0) {
            clear();
        }
        return acked;
    }

    void clear() {
        ring = NONE;
        head = 0;
        size = 0;
    }

    private int capacity() {
        return ring.length / FIELDS;
    }

    private int slot(int index) {
        return (head + index) % capacity() * FIELDS;
    }

    private void grow() {
        int capacity = Math.min(window, Math.max(FIRST_CAPACITY, capacity() * GROWTH));
        long[] larger = Arrays.copyOf(ring, capacity * FIELDS);
        for (int i = 0; i < size; i++) {
            System.arraycopy(ring, slot(i), larger, i * FIELDS, FIELDS);
        }
        ring = larger;
        head = 0;
    }

    /** Hears of each message that leaves by an ack. */
    interface AckListener {
        void acked(long sentAtNanos, long requestedAt);
    }
}
