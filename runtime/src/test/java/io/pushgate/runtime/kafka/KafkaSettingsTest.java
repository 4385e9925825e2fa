package io.pushgate.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.runtime.config.KafkaConfig;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;

class KafkaSettingsTest {
    private static final Duration LINGER = Duration.ofMillis(3);
    private static final ConsumerLoopConfig LOOP = ConsumerLoopConfig.of("t", "g", "c");

    @Test
    void propertiesGoOverDefaults() {
        KafkaConfig kafka = kafka(Map.of("linger.ms", "9", "session.timeout.ms", "20000"));

        assertThat(KafkaSettings.producer(kafka, "c", LINGER)).containsEntry("linger.ms", "9");
        assertThat(KafkaSettings.consumer(kafka, LOOP))
                .containsEntry("session.timeout.ms", "20000")
                .containsEntry("heartbeat.interval.ms", 3_000);
    }

    @Test
    void whatKeepsMessagesSafeCannotBeChanged() {
        KafkaConfig kafka =
                kafka(
                        Map.of(
                                "acks", "1",
                                "enable.idempotence", "false",
                                "enable.auto.commit", "true",
                                "group.id", "other"));

        assertThat(KafkaSettings.producer(kafka, "c", LINGER))
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true);
        assertThat(KafkaSettings.consumer(kafka, LOOP))
                .containsEntry("enable.auto.commit", false)
                .containsEntry("group.id", "g");
    }

    @Test
    void theNewGroupProtocolGetsNoSettingsOfTheClassicOne() {
        Map<String, Object> settings =
                KafkaSettings.consumer(kafka(Map.of("group.protocol", "consumer")), LOOP);

        assertThat(settings)
                .doesNotContainKeys(
                        "session.timeout.ms",
                        "heartbeat.interval.ms",
                        "partition.assignment.strategy");
    }

    @Test
    void compressesWhatGathers() {
        KafkaConfig asked = kafka(Map.of("compression.type", "zstd"));

        assertThat(KafkaSettings.producer(kafka(Map.of()), "c", LINGER))
                .containsEntry("compression.type", "none");
        assertThat(KafkaSettings.producer(kafka(Map.of()), "c", Duration.ofMillis(100)))
                .containsEntry("compression.type", "lz4");
        assertThat(KafkaSettings.producer(asked, "c", LINGER))
                .containsEntry("compression.type", "zstd");
    }

    /** Kafka's own parser knows every name and takes every value. */
    @Test
    void kafkaAcceptsThem() {
        Map<String, Object> consumer = KafkaSettings.consumer(kafka(Map.of()), LOOP);
        Map<String, Object> producer = KafkaSettings.producer(kafka(Map.of()), "c", LINGER);

        assertThat(ConsumerConfig.configNames()).containsAll(consumer.keySet());
        assertThat(ProducerConfig.configNames()).containsAll(producer.keySet());
        assertThat(new ConsumerConfig(consumer).getInt("session.timeout.ms")).isEqualTo(10_000);
        assertThat(new ProducerConfig(producer).getLong("buffer.memory")).isEqualTo(32 << 20);
    }

    private static KafkaConfig kafka(Map<String, String> properties) {
        return new KafkaConfig("127.0.0.1:9092", 12, (short) 1, properties);
    }
}
