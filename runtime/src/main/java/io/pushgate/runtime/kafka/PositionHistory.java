package io.pushgate.runtime.kafka;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Where a partition stood in the last minutes, to the second. By our own clock and not by the times
 * of the records: what was handled a second ago may have been sent hours ago. Not thread-safe.
 */
final class PositionHistory {
    /** How far back it reaches. */
    static final Duration LONGEST = Duration.ofMinutes(2);

    private static final long EVERY_NANOS = Duration.ofSeconds(1).toNanos();

    private record Sample(long nanos, long position) {}

    private final Deque<Sample> samples = new ArrayDeque<>();

    /** Notes where it stands; more often than once a second does nothing. */
    void note(long nanos, long position) {
        Sample last = samples.peekLast();
        if (last != null && nanos - last.nanos() < EVERY_NANOS) {
            return;
        }
        samples.addLast(new Sample(nanos, position));
        while (nanos - samples.getFirst().nanos() > LONGEST.toNanos() + EVERY_NANOS) {
            samples.removeFirst();
        }
    }

    /**
     * Where it stood at a time, or a little before that; the first known position where it doesn't
     * reach so far, {@link OffsetWatermark#NONE} where nothing was noted.
     */
    long at(long nanos) {
        long position = OffsetWatermark.NONE;
        for (Sample sample : samples) {
            if (position != OffsetWatermark.NONE && sample.nanos() - nanos > 0) {
                break;
            }
            position = sample.position();
        }
        return position;
    }
}
