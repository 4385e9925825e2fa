package io.pushgate.runtime.kafka;

import java.util.LinkedHashSet;

/**
 * How far one partition may be committed while its records complete in any order: up to the first
 * one that is not complete. Not thread-safe.
 */
final class OffsetWatermark {
    /** The position before the first record. */
    static final long NONE = -1;

    /** In the order of offsets, as they come in that order. */
    private final LinkedHashSet<Long> pending = new LinkedHashSet<>();

    private long end = NONE;

    /**
     * A record was read. Offsets may leave gaps (compaction, transaction markers).
     *
     * @throws IllegalArgumentException if the offset is not above all before it
     */
    void add(long offset) {
        if (offset < end || offset < 0) {
            throw new IllegalArgumentException("offset " + offset + " after " + (end - 1));
        }
        pending.add(offset);
        end = offset + 1;
    }

    /** Returns whether this is news: the record was read and not complete before. */
    boolean complete(long offset) {
        return pending.remove(offset);
    }

    boolean isPending(long offset) {
        return pending.contains(offset);
    }

    /**
     * The offset to commit, Kafka's way the first one that is still to be done; {@link #NONE}
     * before the first record. It never goes back.
     */
    long position() {
        return pending.isEmpty() ? end : pending.getFirst();
    }

    /** The offset after the last record, or {@link #NONE}. */
    long end() {
        return end;
    }

    /** Records read and not complete. */
    int pending() {
        return pending.size();
    }
}
