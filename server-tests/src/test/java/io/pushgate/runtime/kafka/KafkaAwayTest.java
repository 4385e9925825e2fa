package io.pushgate.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.config.KafkaConfig;
import io.pushgate.runtime.kafka.Rig.Collector;
import io.pushgate.runtime.kafka.Rig.Member;
import io.pushgate.testkit.TestKafka;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;

/** The broker goes and comes back; nobody has to be restarted for it. */
class KafkaAwayTest {
    private static final Duration UNREADY_WITHIN = Duration.ofSeconds(15);

    private final Collector collector = new Collector();

    @Test
    void healthTellsAndAllArrivesAfterwards() {
        try (TestKafka server = TestKafka.start();
                Rig rig = new Rig(server.config(1), 1);
                KafkaPublisher publisher =
                        new KafkaPublisher(rig.kafka, "away", new SimpleMeterRegistry())) {
            Member member =
                    rig.start(
                            (batch, done) -> {
                                collector.handle(batch, done);
                                done.completeAll(batch);
                            });
            send(publisher, rig.topic, 10).forEach(CompletableFuture::join);
            await().atMost(Rig.PATIENCE).until(() -> collector.records.size() == 10);
            await().atMost(Rig.PATIENCE).until(() -> member.loop().health().ok());
            assertThat(publisher.health().ok()).isTrue();

            server.stop();
            List<CompletableFuture<RecordMetadata>> waiting = send(publisher, rig.topic, 10);
            await().atMost(UNREADY_WITHIN).until(() -> !publisher.health().ok());
            await().atMost(UNREADY_WITHIN).until(() -> !member.loop().health().ok());
            assertThat(waiting).noneMatch(CompletableFuture::isDone);

            server.restart();
            waiting.forEach(CompletableFuture::join);
            await().atMost(Rig.PATIENCE).until(() -> collector.records.size() >= 20);
            await().atMost(Rig.PATIENCE).until(() -> rig.committed(0) == 20);
            await().atMost(UNREADY_WITHIN).until(() -> member.loop().health().ok());
            assertThat(publisher.health().ok()).isTrue();
            assertThat(collector.offsets()).containsAll(LongStream.range(0, 20).boxed().toList());
        }
    }

    @Test
    void nobodyThereAtTheStartIsNoFailureToStart() throws Exception {
        KafkaConfig nowhere =
                new KafkaConfig(
                        "no-such-host.invalid:9092",
                        1,
                        (short) 1,
                        Map.of("delivery.timeout.ms", "2000", "request.timeout.ms", "500"));
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (KafkaPublisher publisher = new KafkaPublisher(nowhere, "nowhere", registry);
                ConsumerLoop loop =
                        new ConsumerLoop(
                                ConsumerLoopConfig.of("t", "g", "nowhere-loop"),
                                nowhere,
                                collector,
                                registry)) {
            loop.start();
            await().atMost(UNREADY_WITHIN)
                    .until(() -> loop.health().detail().contains("bootstrap"));
            assertThat(publisher.health().ok()).isFalse();
            CompletableFuture<RecordMetadata> sent =
                    publisher.send("t", null, new byte[1], List.of()).toCompletableFuture();
            assertThat(sent).failsWithin(UNREADY_WITHIN);
            assertThat(loop.drain(Deadline.in(UNREADY_WITHIN, Ticker.system()))).isTrue();
        }
    }

    private static List<CompletableFuture<RecordMetadata>> send(
            KafkaPublisher publisher, String topic, int count) {
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sent.add(
                    publisher
                            .send(topic, null, new byte[] {(byte) i}, List.of())
                            .toCompletableFuture());
        }
        return sent;
    }
}
