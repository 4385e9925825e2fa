package io.pushgate.runtime.kafka;

import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Ticker;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** The partitions that this member has, and the commits of their watermarks. Poll thread only. */
final class Assignment implements ConsumerRebalanceListener {
    private static final Logger LOG = LoggerFactory.getLogger(Assignment.class);

    /** How long a commit may hold up a rebalance or the end. */
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(2);

    private final Consumer<byte[], byte[]> consumer;
    private final InFlight inFlight;
    private final ConsumerMeters meters;
    private final LoopStatus status;
    private final Collection<Batch> queued;
    private final Duration revokeWait;
    private final BooleanSupplier stopping;
    private final Map<TopicPartition, PartitionTracker> trackers = new HashMap<>();
    private boolean paused;
    private boolean committing;
    private int failedCommits;

    /**
     * @param queued the batches that the handler has not taken yet
     * @param revokeWait how long a revoked partition may wait for its records to complete
     * @param stopping whether the loop ends, so that nothing is waited for any more
     */
    Assignment(
            Consumer<byte[], byte[]> consumer,
            InFlight inFlight,
            ConsumerMeters meters,
            LoopStatus status,
            Collection<Batch> queued,
            Duration revokeWait,
            BooleanSupplier stopping) {
        this.consumer = consumer;
        this.inFlight = inFlight;
        this.meters = meters;
        this.status = status;
        this.queued = queued;
        this.revokeWait = revokeWait;
        this.stopping = stopping;
    }

    /** Takes charge of polled records. */
    Batch track(ConsumerRecords<byte[], byte[]> polled) {
        // First of all the watermarks learn of every record: whatever fails after this line may
        // delay a commit, and can't let one pass a record that nobody handled.
        Map<Integer, PartitionTracker> byPartition = new HashMap<>();
        for (TopicPartition partition : polled.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> records = polled.records(partition);
            PartitionTracker tracker = tracker(partition, records.getFirst().offset());
            byPartition.put(partition.partition(), tracker);
            records.forEach(record -> tracker.add(record.offset()));
            tracker.note(System.nanoTime());
        }
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(polled.count());
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            records.add(record);
            inFlight.add(record);
        }
        meters.polled(records.size());
        return new Batch(records, byPartition, inFlight, meters);
    }

    /** Stops or resumes fetching; polls go on either way, for the sake of the heartbeats. */
    void adjustFlow(boolean draining) {
        if (!paused && (draining || inFlight.isHigh())) {
            consumer.pause(consumer.assignment());
            paused = true;
            meters.paused(true);
        } else if (paused && !draining && inFlight.isLow()) {
            consumer.resume(consumer.paused());
            paused = false;
            meters.paused(false);
        }
    }

    boolean isPaused() {
        return paused;
    }

    /** Commits the watermarks that moved, without waiting for the answer. */
    void commitMoved() {
        long nanos = System.nanoTime();
        trackers.values().forEach(tracker -> tracker.note(nanos));
        Map<TopicPartition, OffsetAndMetadata> moved = moved(trackers.values());
        status.uncommitted(!moved.isEmpty());
        if (moved.isEmpty() || committing) {
            return;
        }
        committing = true;
        Map<TopicPartition, PartitionTracker> now = Map.copyOf(trackers);
        consumer.commitAsync(
                moved,
                (offsets, failure) -> {
                    committing = false;
                    finished(now, offsets, failure);
                });
    }

    /**
     * Commits the watermarks that moved and waits for the answer, at most 2 s.
     *
     * @return whether nothing is left to commit
     */
    boolean commitNow() {
        return commitNow(trackers.values());
    }

    /**
     * Reads every partition again from where it stood some time ago, and commits that first, so
     * that whoever has it next begins there, too. What is in flight is let go of.
     *
     * @throws KafkaException if Kafka can't be asked; then nothing has moved, or it may be called
     *     again
     */
    void rewind(Duration back) {
        List<TopicPartition> partitions = List.copyOf(consumer.assignment());
        Map<TopicPartition, Long> targets = rewindTargets(partitions, back);
        List<PartitionTracker> _ = remove(partitions);
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        targets.forEach(
                (partition, offset) -> {
                    trackers.put(partition, new PartitionTracker(partition));
                    consumer.seek(partition, offset);
                    offsets.put(partition, new OffsetAndMetadata(offset));
                });
        if (!offsets.isEmpty()) {
            consumer.commitSync(offsets, COMMIT_TIMEOUT);
        }
        LOG.warn("Reading again what was handled in the last {} ms: {}", back.toMillis(), targets);
    }

    /**
     * By our own memory, and by the times of the records, as the partition may have been another
     * member's until a moment ago; never beyond what is not complete.
     */
    private Map<TopicPartition, Long> rewindTargets(
            List<TopicPartition> partitions, Duration back) {
        long since = System.nanoTime() - back.toNanos();
        long sinceEpoch = System.currentTimeMillis() - back.toMillis();
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, sinceEpoch));
        Map<TopicPartition, OffsetAndTimestamp> sent =
                consumer.offsetsForTimes(times, COMMIT_TIMEOUT);
        Map<TopicPartition, Long> targets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long target = consumer.position(partition, COMMIT_TIMEOUT);
            PartitionTracker tracker = trackers.get(partition);
            if (tracker != null) {
                target = earlier(target, tracker.position());
                target = earlier(target, tracker.positionAt(since));
            }
            OffsetAndTimestamp first = sent.get(partition);
            targets.put(partition, first == null ? target : earlier(target, first.offset()));
        }
        return targets;
    }

    private static long earlier(long one, long other) {
        return other == OffsetWatermark.NONE ? one : Math.min(one, other);
    }

    /** How many records of the partitions are not complete, by the ends that Kafka has told. */
    long lag(Map<TopicPartition, Long> ends) {
        long lag = 0;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            PartitionTracker tracker = trackers.get(end.getKey());
            long position = tracker == null ? OffsetWatermark.NONE : tracker.position();
            lag +=
                    position == OffsetWatermark.NONE
                            ? consumer.currentLag(end.getKey()).orElse(0)
                            : Math.max(0, end.getValue() - position);
        }
        return lag;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        meters.rebalanced("assigned");
        partitions.forEach(partition -> trackers.put(partition, new PartitionTracker(partition)));
        if (paused) {
            consumer.pause(partitions);
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        meters.rebalanced("revoked");
        List<PartitionTracker> leaving = remove(partitions);
        Deadline deadline =
                Deadline.in(stopping.getAsBoolean() ? Duration.ZERO : revokeWait, Ticker.system());
        try {
            for (PartitionTracker tracker : leaving) {
                tracker.awaitBegun(deadline);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        boolean _ = commitNow(leaving);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        meters.rebalanced("lost");
        LOG.warn(
                "Lost {}: another member has them by now and repeats what is in flight",
                partitions);
        List<PartitionTracker> _ = remove(partitions);
    }

    private PartitionTracker tracker(TopicPartition partition, long offset) {
        PartitionTracker known = trackers.get(partition);
        if (known != null && known.isBefore(offset)) {
            return known;
        }
        if (known != null) {
            // A truncated or recreated log. What is in flight is finished by the tracker it has.
            LOG.warn("{} went back to offset {}", partition, offset);
        }
        PartitionTracker fresh = new PartitionTracker(partition);
        trackers.put(partition, fresh);
        return fresh;
    }

    private List<PartitionTracker> remove(Collection<TopicPartition> partitions) {
        List<PartitionTracker> leaving =
                partitions.stream().map(trackers::remove).filter(Objects::nonNull).toList();
        leaving.forEach(PartitionTracker::leave);
        queued.forEach(Batch::letGoOfLeaving);
        return leaving;
    }

    private boolean commitNow(Collection<PartitionTracker> which) {
        Map<TopicPartition, OffsetAndMetadata> moved = moved(which);
        if (moved.isEmpty()) {
            return true;
        }
        Map<TopicPartition, PartitionTracker> now = new HashMap<>();
        which.forEach(tracker -> now.put(tracker.partition(), tracker));
        try {
            consumer.commitSync(moved, COMMIT_TIMEOUT);
            finished(now, moved, null);
            return moved(which).isEmpty();
        } catch (KafkaException e) {
            finished(now, moved, e);
            return false;
        }
    }

    private void finished(
            Map<TopicPartition, PartitionTracker> by,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            @Nullable Exception failure) {
        meters.committed(failure == null);
        if (failure == null) {
            failedCommits = 0;
            status.uncommitted(false);
            offsets.forEach(
                    (partition, offset) -> {
                        PartitionTracker tracker = by.get(partition);
                        if (tracker != null) {
                            tracker.committed(offset.offset());
                        }
                    });
        } else if (++failedCommits == 2) {
            // A single one is no news: a rebalance that goes on refuses commits, too.
            LOG.warn("Can't commit {}: {}", offsets.keySet(), Causes.describe(failure));
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> moved(
            Collection<PartitionTracker> which) {
        Map<TopicPartition, OffsetAndMetadata> moved = new HashMap<>();
        for (PartitionTracker tracker : which) {
            if (tracker.hasMoved()) {
                moved.put(tracker.partition(), new OffsetAndMetadata(tracker.position()));
            }
        }
        return moved;
    }
}
