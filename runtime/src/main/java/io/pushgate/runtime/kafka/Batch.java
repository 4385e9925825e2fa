package io.pushgate.runtime.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The records of one poll, or of several in a row, on their way through the handler, and where
 * their completions arrive.
 */
final class Batch implements Completions {
    /** Replaced by one with more partitions, never changed: completions come from any thread. */
    private volatile Map<Integer, PartitionTracker> trackers;

    private final InFlight inFlight;
    private final ConsumerMeters meters;
    private ArrayList<ConsumerRecord<byte[], byte[]>> remaining;

    /**
     * @param trackers by partition, those of all {@code records}, which know the records already
     */
    Batch(
            List<ConsumerRecord<byte[], byte[]>> records,
            Map<Integer, PartitionTracker> trackers,
            InFlight inFlight,
            ConsumerMeters meters) {
        this.remaining = new ArrayList<>(records);
        this.trackers = trackers;
        this.inFlight = inFlight;
        this.meters = meters;
    }

    /**
     * Takes over the records of the batch that was polled next: a handler that is slower than the
     * polls catches up by doing more at a time. Only for two batches that didn't begin.
     *
     * @param most records in both together
     * @return false, and nothing changed, where there are more, or a partition left and came back
     *     in between
     */
    synchronized boolean absorb(Batch next, int most) {
        synchronized (next) {
            if (remaining.size() + next.remaining.size() > most) {
                return false;
            }
            if (!takeTrackers(next.trackers)) {
                return false;
            }
            remaining.addAll(next.remaining);
            // Who looks through the queue for what leaves finds nothing in it any more.
            next.remaining = new ArrayList<>(0);
            return true;
        }
    }

    private boolean takeTrackers(Map<Integer, PartitionTracker> others) {
        Map<Integer, PartitionTracker> added = new HashMap<>();
        for (Map.Entry<Integer, PartitionTracker> entry : others.entrySet()) {
            PartitionTracker known = trackers.get(entry.getKey());
            if (known == null) {
                added.put(entry.getKey(), entry.getValue());
            } else if (known != entry.getValue()) {
                return false;
            }
        }
        if (!added.isEmpty()) {
            added.putAll(trackers);
            trackers = Map.copyOf(added);
        }
        return true;
    }

    /** What is to be handled now: neither complete nor gone to another member. */
    synchronized List<ConsumerRecord<byte[], byte[]>> begin() {
        ArrayList<ConsumerRecord<byte[], byte[]>> next = new ArrayList<>(remaining.size());
        for (ConsumerRecord<byte[], byte[]> record : remaining) {
            switch (tracker(record).begin(record.offset())) {
                case HANDLE -> next.add(record);
                case ALREADY_COMPLETE -> {}
                case LET_GO -> letGo(record);
            }
        }
        remaining = next;
        return List.copyOf(next);
    }

    /** Frees the records of partitions that leave; only for a batch that didn't begin. */
    synchronized void letGoOfLeaving() {
        ArrayList<ConsumerRecord<byte[], byte[]>> staying = new ArrayList<>(remaining.size());
        for (ConsumerRecord<byte[], byte[]> record : remaining) {
            PartitionTracker tracker = tracker(record);
            if (!tracker.isLeaving()) {
                staying.add(record);
            } else if (tracker.begin(record.offset()) == PartitionTracker.Next.LET_GO) {
                letGo(record);
            }
        }
        remaining = staying;
    }

    @Override
    public void complete(ConsumerRecord<byte[], byte[]> record) {
        if (tracker(record).complete(record.offset())) {
            inFlight.remove(record);
            meters.completed(1);
        }
    }

    private void letGo(ConsumerRecord<byte[], byte[]> record) {
        inFlight.remove(record);
        meters.dropped(1);
    }

    private PartitionTracker tracker(ConsumerRecord<byte[], byte[]> record) {
        PartitionTracker tracker = trackers.get(record.partition());
        if (tracker == null) {
            throw new IllegalArgumentException("not a record of this batch: " + record.partition());
        }
        return tracker;
    }
}
