package io.pushgate.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.StartupException;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.config.KafkaConfig;
import io.pushgate.runtime.kafka.Rig.Collector;
import io.pushgate.runtime.kafka.Rig.Member;
import io.pushgate.runtime.telemetry.RuntimeMeters;
import io.pushgate.testkit.TestKafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

class KafkaPublisherTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Rig rig = new Rig(TestKafka.shared().config(1), 1);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final KafkaPublisher publisher = new KafkaPublisher(rig.kafka, rig.group, registry);

    @AfterEach
    void close() {
        publisher.close();
        rig.close();
    }

    @Test
    void aRecordArrivesAsItWasSent() {
        Header header = new RecordHeader("stage", new byte[] {7});
        CompletableFuture<RecordMetadata> sent =
                publisher
                        .send(rig.topic, bytes("key"), bytes("value"), List.of(header))
                        .toCompletableFuture();
        assertThat(sent).succeedsWithin(SOON).satisfies(m -> assertThat(m.offset()).isZero());

        Collector collector = new Collector();
        Member _ = rig.start(collector);
        await().atMost(Rig.PATIENCE).until(() -> collector.records.size() == 1);
        ConsumerRecord<byte[], byte[]> got = collector.records.getFirst();
        assertThat(got.key()).isEqualTo(bytes("key"));
        assertThat(got.value()).isEqualTo(bytes("value"));
        assertThat(got.headers()).containsExactly(header);
        assertThat(count(RuntimeMeters.PUBLISHER_SENT)).isEqualTo(1);
        assertThat(publisher.health().ok()).isTrue();
    }

    @Test
    void aRecordThatIsTooLargeIsAFailedStage() {
        CompletableFuture<RecordMetadata> sent =
                publisher.send(rig.topic, null, new byte[2 << 20], List.of()).toCompletableFuture();

        assertThat(sent)
                .failsWithin(SOON)
                .withThrowableThat()
                .withCauseInstanceOf(RecordTooLargeException.class);
        assertThat(registry.get("pushgate.publisher.failures").tag("reason", "too_large").counter())
                .satisfies(counter -> assertThat(counter.count()).isEqualTo(1));
        assertThat(publisher.health().ok()).as("no fault of Kafka's").isTrue();
    }

    @Test
    void anUnknownTopicFailsAfterMaxBlock() {
        CompletableFuture<RecordMetadata> sent =
                publisher
                        .send(rig.topic + "-none", null, new byte[1], List.of())
                        .toCompletableFuture();

        assertThat(sent)
                .failsWithin(SOON)
                .withThrowableThat()
                .withCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void flushWaitsForEveryAnswer() throws Exception {
        List<CompletableFuture<RecordMetadata>> sent =
                java.util.stream.IntStream.range(0, 1_000)
                        .mapToObj(
                                i ->
                                        publisher
                                                .send(rig.topic, null, new byte[100], List.of())
                                                .toCompletableFuture())
                        .toList();

        assertThat(publisher.flush(Deadline.in(SOON, Ticker.system()))).isTrue();

        assertThat(sent).allMatch(CompletableFuture::isDone);
        assertThat(count(RuntimeMeters.PUBLISHER_SENT)).isEqualTo(1_000);
    }

    @Test
    void aClosedPublisherFailsAndThrowsNothing() {
        publisher.close();
        assertThat(publisher.send(rig.topic, null, new byte[1], List.of()).toCompletableFuture())
                .failsWithin(SOON);
        assertThat(publisher.health().ok()).isFalse();
    }

    @Test
    void aFullBufferMakesTheSenderWaitAndThenFails() {
        KafkaConfig away =
                rig.with(
                        Map.of(
                                "bootstrap.servers", "127.0.0.1:1",
                                "buffer.memory", "10000",
                                "max.block.ms", "100",
                                "delivery.timeout.ms", "2000",
                                "request.timeout.ms", "500"));
        try (KafkaPublisher full = new KafkaPublisher(away, rig.group + "-full", registry)) {
            CompletableFuture<RecordMetadata> first =
                    full.send("t", null, new byte[9_000], List.of()).toCompletableFuture();
            CompletableFuture<RecordMetadata> second =
                    full.send("t", null, new byte[9_000], List.of()).toCompletableFuture();

            assertThat(second)
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withCauseInstanceOf(BufferExhaustedException.class);
            assertThat(first)
                    .failsWithin(SOON)
                    .withThrowableThat()
                    .withCauseInstanceOf(TimeoutException.class);
            assertThat(full.send("t", null, new byte[9_000], List.of()).toCompletableFuture())
                    .as("there is room again")
                    .isNotDone();
        }
    }

    @Test
    void missingTopicsAreCreatedAndOthersLeftAlone() throws Exception {
        String other = rig.topic + "-other";
        KafkaConfig three = new KafkaConfig(rig.kafka.bootstrapServers(), 3, (short) 1, Map.of());
        Map<String, Map<String, String>> topics =
                Map.of(rig.topic, Map.of(), other, Map.of("retention.ms", "1000"));

        KafkaTopics.ensure(three, topics);
        KafkaTopics.ensure(three, topics);

        assertThat(publisher.send(other, null, new byte[1], List.of()).toCompletableFuture())
                .succeedsWithin(SOON);
    }

    @Test
    void topicsOfAKafkaThatIsNotThereAreOneClearLine() {
        KafkaConfig nobody =
                new KafkaConfig(
                        "127.0.0.1:1",
                        1,
                        (short) 1,
                        Map.of("default.api.timeout.ms", "500", "request.timeout.ms", "500"));

        assertThatThrownBy(() -> KafkaTopics.ensure(nobody, Map.of("t", Map.of())))
                .isInstanceOf(StartupException.class)
                .hasMessageStartingWith("Kafka at 127.0.0.1:1 does not answer");
    }

    private double count(RuntimeMeters meter) {
        return registry.get(meter.meterName()).counter().count();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
