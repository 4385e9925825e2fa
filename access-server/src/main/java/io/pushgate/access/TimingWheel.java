package io.pushgate.access;

import io.pushgate.runtime.Ticker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * Timers of the connections of one event loop: a hashed timing wheel, Scheme 6 of Varghese & Lauck,
 * "Hashed and Hierarchical Timing Wheels" (SOSP 1987).
 *
 * <p>Built for timers that are pushed back all the time and hardly ever fire: pushing one back
 * costs its owner a field, as {@link Entry#expire} is asked when the wheel gets to the entry, and
 * may answer with a later deadline. Only an <em>earlier</em> deadline has to be told. Scheduling
 * and cancelling are O(1) and allocate nothing; a tick costs what lies in its slot. Fires up to one
 * tick late, never early. One thread only.
 */
final class TimingWheel {
    /** The deadline of what is not to fire. */
    static final long NEVER = Long.MAX_VALUE;

    private final Ticker ticker;
    private final long tickNanos;
    private final Slot[] slots;
    private final Slot firing = new Slot();
    private final long startNanos;
    private long currentTick;
    private int size;

    /**
     * @param slots a power of two; entries that lie further ahead than one turn are passed over
     */
    TimingWheel(Ticker ticker, Duration tick, int slots) {
        if (Integer.bitCount(slots) != 1) {
            throw new IllegalArgumentException("not a power of two: " + slots);
        }
        this.ticker = ticker;
        this.tickNanos = tick.toNanos();
        this.startNanos = ticker.nanos();
        this.slots = new Slot[slots];
        for (int i = 0; i < slots; i++) {
            this.slots[i] = new Slot();
        }
    }

    /** The reading of the ticker that deadlines are compared with. */
    long now() {
        return ticker.nanos();
    }

    int size() {
        return size;
    }

    /**
     * Has the entry fire at the deadline, or earlier if it is scheduled for earlier already; {@link
     * #NEVER} leaves it as it is.
     *
     * @param deadline a reading of the ticker, in nanoseconds
     */
    void schedule(Entry entry, long deadline) {
        if (deadline == NEVER || (entry.isScheduled() && entry.tick <= tickOf(deadline))) {
            return;
        }
        cancel(entry);
        insert(entry, deadline);
    }

    /** Takes the entry off the wheel; nothing happens if it is not on it. */
    void cancel(Entry entry) {
        if (entry.isScheduled()) {
            entry.unlink();
            size--;
        }
    }

    /** Fires everything whose deadline has passed. */
    void advance() {
        long now = ticker.nanos();
        long target = (now - startNanos) / tickNanos;
        // After a long pause one turn visits every slot; more turns would find nothing new.
        if (target - currentTick > slots.length) {
            currentTick = target - slots.length;
        }
        while (currentTick < target) {
            currentTick++;
            fire(slots[(int) (currentTick & (slots.length - 1))], target, now);
        }
    }

    private void fire(Slot slot, long target, long now) {
        // Moved aside first: an entry that lands in this slot again is not visited again, and one
        // that is cancelled by another's expiry is gone.
        firing.take(slot);
        Entry entry = firing.first();
        while (entry != null) {
            entry.unlink();
            size--;
            if (entry.tick > target) {
                link(entry);
            } else {
                long deadline = entry.expire(now);
                if (deadline != NEVER && !entry.isScheduled()) {
                    insert(entry, deadline);
                }
            }
            entry = firing.first();
        }
    }

    private void insert(Entry entry, long deadline) {
        entry.tick = Math.max(tickOf(deadline), currentTick + 1);
        link(entry);
    }

    private void link(Entry entry) {
        slots[(int) (entry.tick & (slots.length - 1))].add(entry);
        size++;
    }

    /** The first tick at which the deadline has passed. */
    private long tickOf(long deadline) {
        return Math.floorDiv(deadline - startNanos + tickNanos - 1, tickNanos);
    }

    /** What is to fire; links itself into the wheel, so it is on one at most. */
    abstract static class Entry {
        private @Nullable Entry previous;
        private @Nullable Entry next;
        private long tick;

        /**
         * Called when the deadline that the wheel knows has passed; must not throw.
         *
         * @param now the ticker's reading, in nanoseconds
         * @return the next deadline, {@link #NEVER} for none
         */
        abstract long expire(long now);

        private boolean isScheduled() {
            return previous != null;
        }

        private void unlink() {
            Entry before = previous;
            Entry after = next;
            if (before != null) {
                before.next = after;
            }
            if (after != null) {
                after.previous = before;
            }
            previous = null;
            next = null;
        }
    }

    /** The head of one slot's list. */
    private static final class Slot extends Entry {
        @Override
        long expire(long now) {
            return NEVER;
        }

        void add(Entry entry) {
            Entry first = super.next;
            entry.next = first;
            entry.previous = this;
            if (first != null) {
                first.previous = entry;
            }
            super.next = entry;
        }

        @Nullable Entry first() {
            return super.next;
        }

        void take(Slot other) {
            Entry first = ((Entry) other).next;
            ((Entry) other).next = null;
            super.next = first;
            if (first != null) {
                first.previous = this;
            }
        }
    }
}
