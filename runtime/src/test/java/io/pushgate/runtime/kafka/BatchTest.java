package io.pushgate.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.telemetry.RuntimeMeters;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

class BatchTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final InFlight inFlight = new InFlight(100, 1_000);
    private final ConsumerMeters meters = new ConsumerMeters(registry, "t", "g", inFlight);
    private final PartitionTracker first = new PartitionTracker(new TopicPartition("t", 0));
    private final PartitionTracker second = new PartitionTracker(new TopicPartition("t", 1));
    private final ConsumerRecord<byte[], byte[]> a = record(0, 10);
    private final ConsumerRecord<byte[], byte[]> b = record(0, 11);
    private final ConsumerRecord<byte[], byte[]> c = record(1, 20);
    private final Batch batch = batch();

    @Test
    void aTriedAgainBatchHasOnlyWhatIsNotComplete() {
        assertThat(batch.begin()).containsExactly(a, b, c);
        batch.complete(b);
        assertThat(batch.begin()).containsExactly(a, c);
        batch.completeAll(List.of(a, c, c, b));
        assertThat(batch.begin()).isEmpty();

        assertThat(first.position()).isEqualTo(12);
        assertThat(second.position()).isEqualTo(21);
        assertThat(inFlight.records()).isZero();
        assertThat(count(RuntimeMeters.CONSUMER_COMPLETED)).isEqualTo(3);
    }

    @Test
    void aQueuedBatchLetsGoOfAPartitionThatLeaves() {
        first.leave();
        batch.letGoOfLeaving();

        assertThat(inFlight.records()).isEqualTo(1);
        assertThat(count(RuntimeMeters.CONSUMER_DROPPED)).isEqualTo(2);
        assertThat(batch.begin()).containsExactly(c);
        assertThat(first.position()).as("nothing of it may be committed").isEqualTo(10);
    }

    @Test
    void whatLeavesBetweenTwoTriesIsNotTriedAgain() {
        assertThat(batch.begin()).hasSize(3);
        first.leave();

        assertThat(batch.begin()).containsExactly(c);
        assertThat(count(RuntimeMeters.CONSUMER_DROPPED)).isEqualTo(2);

        batch.complete(a);
        batch.complete(b);
        batch.complete(c);
        assertThat(inFlight.records()).as("each is counted off once").isZero();
        assertThat(inFlight.bytes()).isZero();
        assertThat(count(RuntimeMeters.CONSUMER_COMPLETED)).isEqualTo(1);
    }

    @Test
    void takesOverWhatWasPolledNext() {
        ConsumerRecord<byte[], byte[]> d = record(0, 12);
        Batch next = batch(first, d);

        assertThat(batch.absorb(next, 4)).isTrue();
        next.letGoOfLeaving();

        assertThat(batch.begin()).containsExactly(a, b, c, d);
        batch.completeAll(List.of(a, b, c, d));
        assertThat(first.position()).isEqualTo(13);
        assertThat(inFlight.records()).isZero();
        assertThat(next.begin()).isEmpty();
    }

    @Test
    void takesOverNoMoreThanAHandlerIsGivenAtATime() {
        ConsumerRecord<byte[], byte[]> d = record(0, 12);
        Batch next = batch(first, d);

        assertThat(batch.absorb(next, 3)).isFalse();

        assertThat(batch.begin()).containsExactly(a, b, c);
        assertThat(next.begin()).containsExactly(d);
    }

    @Test
    void doesNotMixUpAPartitionThatLeftAndCameBack() {
        ConsumerRecord<byte[], byte[]> again = record(0, 10);
        PartitionTracker newer = new PartitionTracker(new TopicPartition("t", 0));
        Batch next = batch(newer, again);
        first.leave();

        assertThat(batch.absorb(next, 100)).isFalse();

        assertThat(batch.begin()).containsExactly(c);
        assertThat(next.begin()).containsExactly(again);
    }

    @Test
    void theMetersBalance() {
        batch.complete(a);
        second.leave();
        batch.letGoOfLeaving();

        assertThat(count(RuntimeMeters.CONSUMER_COMPLETED) + count(RuntimeMeters.CONSUMER_DROPPED))
                .isEqualTo(3.0 - inFlight.records());
    }

    @Test
    void aRevokedPartitionWaitsForWhatHasBegun() throws Exception {
        List<ConsumerRecord<byte[], byte[]>> _ = batch.begin();
        first.leave();
        Thread completes = Thread.ofVirtual().start(() -> batch.completeAll(List.of(b, a)));

        first.awaitBegun(Deadline.in(Duration.ofSeconds(30), Ticker.system()));

        assertThat(first.position()).isEqualTo(12);
        completes.join();
    }

    @Test
    void aRevokedPartitionWaitsNoLongerThanTheDeadline() throws Exception {
        List<ConsumerRecord<byte[], byte[]>> _ = batch.begin();
        first.leave();
        AtomicLong nanos = new AtomicLong();

        first.awaitBegun(Deadline.in(Duration.ofNanos(-1), nanos::get));

        assertThat(first.position()).isEqualTo(10);
    }

    @Test
    void nothingBegunIsNothingToWaitFor() throws Exception {
        first.leave();
        first.awaitBegun(Deadline.in(Duration.ofDays(1), Ticker.system()));
        assertThat(first.position()).isEqualTo(10);
    }

    @Test
    void anotherBatchesRecordIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> batch.complete(record(7, 1)));
    }

    private Batch batch() {
        first.add(10);
        first.add(11);
        second.add(20);
        List<ConsumerRecord<byte[], byte[]>> records = List.of(a, b, c);
        records.forEach(inFlight::add);
        return new Batch(records, Map.of(0, first, 1, second), inFlight, meters);
    }

    private Batch batch(PartitionTracker tracker, ConsumerRecord<byte[], byte[]> record) {
        tracker.add(record.offset());
        inFlight.add(record);
        return new Batch(List.of(record), Map.of(record.partition(), tracker), inFlight, meters);
    }

    private double count(RuntimeMeters meter) {
        return registry.get(meter.meterName()).counter().count();
    }

    private static ConsumerRecord<byte[], byte[]> record(int partition, long offset) {
        return new ConsumerRecord<>("t", partition, offset, new byte[0], new byte[0]);
    }
}
