package io.pushgate.access;

import io.pushgate.protocol.Position;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The newest messages of a broadcast log, without a gap: a ring that grows up to its bounds, the
 * oldest give way. Entries are numbered from 0 in the order in which they came. It holds a
 * reference to each. One thread.
 */
final class LogTail {
    private static final int FIRST_CAPACITY = 8;

    private final int maxEntries;
    private final long maxBytes;
    private @Nullable LogEntry[] ring = new @Nullable LogEntry[0];
    private long begin;
    private long end;
    private long bytes;
    private Position floor;
    private Position last;

    /**
     * @param last the position last given in the log, as far as is known
     */
    LogTail(int maxEntries, long maxBytes, Position last) {
        this.maxEntries = maxEntries;
        this.maxBytes = maxBytes;
        this.floor = last;
        this.last = last;
    }

    /** The number of the oldest entry. */
    long begin() {
        return begin;
    }

    /** The number that the next entry will have. */
    long end() {
        return end;
    }

    long bytes() {
        return bytes;
    }

    /** Whoever has got this far has missed nothing but what is here. */
    Position floor() {
        return floor;
    }

    Position last() {
        return last;
    }

    LogEntry get(long number) {
        LogEntry entry = ring[(int) (number % ring.length)];
        if (entry == null || number < begin || number >= end) {
            throw new IndexOutOfBoundsException("no entry " + number);
        }
        return entry;
    }

    /**
     * Appends an entry and takes its reference over. What is here goes if something is missing
     * between that and the entry.
     *
     * @return false, and the reference is let go, where the entry does not come after the last
     */
    boolean append(LogEntry entry) {
        if (!entry.position().isAfter(last)) {
            entry.release();
            return false;
        }
        if (entry.previous().isAfter(last)) {
            restart(entry.previous());
        }
        if (end - begin == ring.length) {
            grow();
        }
        ring[(int) (end++ % ring.length)] = entry;
        bytes += entry.bytes();
        last = entry.position();
        while (end - begin > maxEntries || (bytes > maxBytes && end - begin > 1)) {
            dropOldest();
        }
        return true;
    }

    /** Forgets everything: whoever is not as far has to look elsewhere. */
    void restart(Position newLast) {
        while (begin < end) {
            dropOldest();
        }
        floor = newLast;
        last = newLast;
    }

    /** The number of the first entry after the position, -1 if some before it are missing here. */
    long after(Position position) {
        if (floor.isAfter(position)) {
            return -1;
        }
        long low = begin;
        long high = end;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (get(middle).position().isAfter(position)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** The message at this position, if it is here, is for nobody any more. */
    void recall(Position position) {
        long number = after(position) - 1;
        if (number >= begin) {
            LogEntry entry = get(number);
            if (entry.position().equals(position)) {
                ring[(int) (number % ring.length)] = entry.recalled();
            }
        }
    }

    /** Every entry, each with a reference of its own. */
    List<LogEntry> copy() {
        List<LogEntry> all = new ArrayList<>((int) (end - begin));
        for (long number = begin; number < end; number++) {
            LogEntry entry = get(number);
            entry.retain();
            all.add(entry);
        }
        return all;
    }

    private void dropOldest() {
        LogEntry oldest = get(begin);
        ring[(int) (begin++ % ring.length)] = null;
        bytes -= oldest.bytes();
        floor = oldest.position();
        oldest.release();
    }

    private void grow() {
        int capacity =
                (int) Math.min((long) maxEntries + 1, Math.max(FIRST_CAPACITY, ring.length * 2L));
        @Nullable LogEntry[] larger = new @Nullable LogEntry[capacity];
        for (long number = begin; number < end; number++) {
            larger[(int) (number % capacity)] = ring[(int) (number % ring.length)];
        }
        ring = larger;
    }
}
