package io.pushgate.runtime.kafka;

import io.pushgate.runtime.Deadline;

import org.apache.kafka.common.TopicPartition;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The records of one partition during one assignment to this member. A partition that leaves and
 * comes back gets a new tracker, so that a late completion of the first stay counts for nothing in
 * the second. Any thread.
 */
final class PartitionTracker {
    /** What is to be done with a record that is about to be handled. */
    enum Next {
        HANDLE,
        ALREADY_COMPLETE,
        /** Its partition went to another member, which reads it again. */
        LET_GO
    }

    private final TopicPartition partition;
    private final OffsetWatermark watermark = new OffsetWatermark();
    private final PositionHistory history = new PositionHistory();

    /** Let go of, yet for the watermark never complete. */
    private final Set<Long> letGo = new HashSet<>();

    private long lastBegun = OffsetWatermark.NONE;
    private long committed = OffsetWatermark.NONE;
    private boolean leaving;

    PartitionTracker(TopicPartition partition) {
        this.partition = partition;
    }

    TopicPartition partition() {
        return partition;
    }

    /** Whether {@code offset} lies above everything added. */
    synchronized boolean isBefore(long offset) {
        return watermark.end() <= offset;
    }

    synchronized void add(long offset) {
        watermark.add(offset);
    }

    /** To be asked before each try to handle a record. */
    synchronized Next begin(long offset) {
        if (!watermark.isPending(offset) || letGo.contains(offset)) {
            return Next.ALREADY_COMPLETE;
        }
        if (leaving) {
            letGo.add(offset);
            return Next.LET_GO;
        }
        lastBegun = Math.max(lastBegun, offset);
        return Next.HANDLE;
    }

    /** Returns whether the record stops being in flight by this. */
    synchronized boolean complete(long offset) {
        boolean news = watermark.complete(offset);
        if (news && leaving) {
            notifyAll();
        }
        return news && !letGo.contains(offset);
    }

    /** From now on no record begins any more. */
    synchronized void leave() {
        leaving = true;
    }

    synchronized boolean isLeaving() {
        return leaving;
    }

    /** Waits until every record that began is complete; after {@link #leave()}. */
    synchronized void awaitBegun(Deadline deadline) throws InterruptedException {
        while (lastBegun != OffsetWatermark.NONE
                && watermark.position() <= lastBegun
                && !deadline.expired()) {
            TimeUnit.NANOSECONDS.timedWait(this, deadline.remainingNanos());
        }
    }

    /** Remembers where the partition stands now, for {@link #positionAt}. */
    synchronized void note(long nanos) {
        if (watermark.position() != OffsetWatermark.NONE) {
            history.note(nanos, watermark.position());
        }
    }

    /**
     * Where the partition stood at a time, as far as this tracker knows; {@link
     * OffsetWatermark#NONE} if it had no record yet.
     */
    synchronized long positionAt(long nanos) {
        return history.at(nanos);
    }

    /** The offset to commit, or {@link OffsetWatermark#NONE} before the first record. */
    synchronized long position() {
        return watermark.position();
    }

    /** Whether the watermark has moved since the last commit that succeeded. */
    synchronized boolean hasMoved() {
        return watermark.position() > committed;
    }

    synchronized void committed(long offset) {
        committed = Math.max(committed, offset);
    }
}
