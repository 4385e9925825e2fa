package io.pushgate.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.runtime.kafka.Rig.Collector;
import io.pushgate.runtime.kafka.Rig.Member;
import io.pushgate.runtime.telemetry.RuntimeMeters;
import io.pushgate.testkit.TestKafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;

class ConsumerLoopTest {
    private final Rig rig = new Rig(TestKafka.shared().config(2), 2);
    private final Collector collector = new Collector();

    @AfterEach
    void close() {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aRecordThatIsNotCompleteHoldsTheCommit(String protocol) {
        rig.publish(0, 10);
        Member member =
                rig.start(rig.config(), rig.with(Map.of("group.protocol", protocol)), collector);
        awaitSeen(10);

        collector.complete(0, 4);
        collector.complete(5, 10);
        awaitCommitted(0, 4);
        await().during(Duration.ofMillis(600)).until(() -> rig.committed(0) == 4);
        assertThat(member.gauge(RuntimeMeters.CONSUMER_IN_FLIGHT)).isEqualTo(1);

        collector.complete(4, 5);
        awaitCommitted(0, 10);
        await().atMost(Rig.PATIENCE).until(() -> member.loop().health().ok());
        assertThat(member.gauge(RuntimeMeters.CONSUMER_IN_FLIGHT)).isZero();
    }

    @Test
    void aRestartResumesAtTheWatermark() {
        rig.publish(0, 10);
        Member first = rig.start(collector);
        awaitSeen(10);
        collector.complete(0, 7);
        first.loop().close();
        assertThat(rig.committed(0)).isEqualTo(7);

        Collector again = new Collector();
        Member _ = rig.start(again);
        await().atMost(Rig.PATIENCE).until(() -> again.records.size() >= 3);
        assertThat(again.offsets()).containsExactly(7L, 8L, 9L);
    }

    @Test
    void backpressurePausesAndResumes() {
        rig.publish(0, 200);
        Member member = rig.start(rig.config().withLimits(5, 20, 1 << 20), rig.kafka, collector);

        await().atMost(Rig.PATIENCE).until(() -> isPaused(member));
        int held = collector.records.size();
        assertThat(held).isBetween(11, 20);
        await().during(Duration.ofMillis(500)).until(() -> collector.records.size() <= 20);

        int done = 0;
        while (done < 200) {
            int next = collector.records.size();
            assertThat(next - done).isLessThanOrEqualTo(20);
            collector.complete(done, next);
            done = next;
            int now = done;
            await().atMost(Rig.PATIENCE).until(() -> now == 200 || collector.records.size() > now);
        }
        awaitCommitted(0, 200);
        await().atMost(Rig.PATIENCE).until(() -> !isPaused(member));
        assertThat(collector.offsets()).isEqualTo(LongStream.range(0, 200).boxed().toList());
    }

    @Test
    void aLargeBacklogOfBytesPausesToo() {
        rig.publish(0, 200);
        Member member = rig.start(rig.config().withLimits(5, 1_000, 200), rig.kafka, collector);

        await().atMost(Rig.PATIENCE).until(() -> isPaused(member));
        assertThat(member.gauge(RuntimeMeters.CONSUMER_IN_FLIGHT_BYTES)).isLessThan(200);
        assertThat(collector.records).hasSizeLessThan(30);
    }

    @Test
    void aBlockedHandlerKeepsItsPartitions() {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        rig.publish(0, 1);
        Member member =
                rig.start(
                        rig.config(),
                        rig.with(Map.of("max.poll.interval.ms", "1000")),
                        (batch, done) -> {
                            blocked.countDown();
                            goOn.await();
                            collector.handle(batch, done);
                            done.completeAll(batch);
                        });
        await().atMost(Rig.PATIENCE).until(() -> blocked.getCount() == 0);

        await().during(Duration.ofSeconds(4))
                .atMost(Rig.PATIENCE)
                .until(() -> rig.assignments().equals(List.of(2)));
        goOn.countDown();

        awaitCommitted(0, 1);
        assertThat(collector.records).hasSize(1);
        assertThat(member.count(RuntimeMeters.CONSUMER_REBALANCES, "kind", "lost")).isZero();
        assertThat(member.count(RuntimeMeters.CONSUMER_REBALANCES, "kind", "assigned"))
                .isEqualTo(1);
    }

    @Test
    void aRevokeCommitsWhatIsDone() {
        rig.publish(0, 10);
        rig.publish(1, 10);
        Member _ =
                rig.start(
                        rig.withoutTimedCommits(),
                        rig.kafka,
                        (batch, done) -> {
                            collector.handle(batch, done);
                            batch.stream().filter(r -> r.offset() < 6).forEach(done::complete);
                        });
        awaitSeen(20);
        assertThat(rig.committed(0) + rig.committed(1)).isZero();

        Collector other = new Collector();
        Member _ = rig.start(rig.withoutTimedCommits(), rig.kafka, other);

        await().atMost(Rig.PATIENCE).until(() -> other.records.size() >= 4);
        assertThat(other.offsets()).containsExactly(6L, 7L, 8L, 9L);
        int moved = other.records.getFirst().partition();
        assertThat(rig.committed(moved)).isEqualTo(6);
        assertThat(rig.committed(1 - moved)).isZero();
    }

    @Test
    void drainCommitsEverything() throws Exception {
        rig.publish(0, 300);
        rig.publish(1, 300);
        Member member =
                rig.start(
                        rig.withoutTimedCommits(),
                        rig.kafka,
                        (batch, done) -> {
                            collector.handle(batch, done);
                            Thread _ = Thread.startVirtualThread(() -> done.completeAll(batch));
                        });
        await().atMost(Rig.PATIENCE).until(() -> !collector.records.isEmpty());

        assertThat(member.drain(Rig.PATIENCE)).isTrue();

        int seen = collector.records.size();
        assertThat(rig.committed(0) + rig.committed(1)).isEqualTo(seen);
        assertThat(member.gauge(RuntimeMeters.CONSUMER_IN_FLIGHT)).isZero();
        member.loop().close();

        Member _ = rig.start(collector);
        awaitSeen(600);
        assertThat(collector.seen()).doesNotHaveDuplicates();
    }

    @Test
    void drainGivesUpAtTheDeadlineAndKeepsTheWatermark() throws Exception {
        rig.publish(0, 10);
        Member member = rig.start(rig.withoutTimedCommits(), rig.kafka, collector);
        awaitSeen(10);
        collector.complete(0, 3);

        assertThat(member.drain(Duration.ofMillis(200))).isFalse();
        member.loop().close();

        assertThat(rig.committed(0)).isEqualTo(3);
        assertThat(member.loop().health().ok()).isFalse();
    }

    @Test
    void aFailedBatchComesAgainWithWhatIsNotComplete() {
        rig.publish(0, 5);
        Member member =
                rig.start(
                        (batch, done) -> {
                            collector.handle(batch, done);
                            done.complete(batch.getFirst());
                            if (batch.size() > 3) {
                                throw new IllegalStateException("handler bug " + batch.size());
                            }
                            done.completeAll(batch);
                        });

        awaitCommitted(0, 5);
        assertThat(collector.offsets())
                .containsExactly(0L, 1L, 2L, 3L, 4L, 1L, 2L, 3L, 4L, 2L, 3L, 4L);
        assertThat(member.count(RuntimeMeters.CONSUMER_HANDLER_ERRORS)).isEqualTo(2);
        assertThat(member.count(RuntimeMeters.CONSUMER_COMPLETED)).isEqualTo(5);
    }

    @Test
    void anErrorOfTheHandlerDoesNotEndItsThreadEither() {
        rig.publish(0, 1);
        Member _ =
                rig.start(
                        (batch, done) -> {
                            collector.handle(batch, done);
                            if (collector.records.size() < 2) {
                                throw new NoClassDefFoundError("no descriptors left");
                            }
                            done.completeAll(batch);
                        });
        awaitCommitted(0, 1);
        assertThat(collector.offsets()).containsExactly(0L, 0L);
    }

    @Test
    void closeInterruptsABlockedHandler() {
        CountDownLatch interrupted = new CountDownLatch(1);
        rig.publish(0, 1);
        Member member =
                rig.start(
                        (batch, done) -> {
                            collector.handle(batch, done);
                            try {
                                new CountDownLatch(1).await();
                            } finally {
                                interrupted.countDown();
                            }
                        });
        awaitSeen(1);

        member.loop().close();

        assertThat(interrupted.getCount()).isZero();
        assertThat(rig.committed(0)).isZero();
    }

    @Test
    void theLagCountsWhatIsNotComplete() {
        rig.publish(0, 10);
        Member member = rig.start(collector);
        awaitSeen(10);
        collector.complete(0, 4);

        await().atMost(Rig.PATIENCE).until(() -> member.gauge(RuntimeMeters.CONSUMER_LAG) == 6);
    }

    @Test
    void aMissingTopicShowsAndHealsWhenItComes() throws Exception {
        String missing = rig.topic + "-later";
        ConsumerLoopConfig config = ConsumerLoopConfig.of(missing, rig.group, "missing");
        Member member =
                rig.start(config, rig.with(Map.of("metadata.max.age.ms", "500")), collector);
        await().atMost(Rig.PATIENCE)
                .until(
                        () ->
                                member.loop()
                                        .health()
                                        .detail()
                                        .equals("topic " + missing + " does not exist"));

        KafkaTopics.ensure(rig.kafka, Map.of(missing, Map.of()));

        await().atMost(Rig.PATIENCE).until(() -> member.loop().health().ok());
    }

    private void awaitSeen(int count) {
        await().atMost(Rig.PATIENCE).until(() -> collector.records.size() >= count);
        List<ConsumerRecord<byte[], byte[]>> seen = collector.records;
        assertThat(seen).hasSize(count);
    }

    private void awaitCommitted(int partition, long offset) {
        await().atMost(Rig.PATIENCE).until(() -> rig.committed(partition) == offset);
    }

    private static boolean isPaused(Member member) {
        return member.gauge(RuntimeMeters.CONSUMER_PAUSED) == 1;
    }
}
