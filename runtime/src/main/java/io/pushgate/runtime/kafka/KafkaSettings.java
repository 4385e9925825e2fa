package io.pushgate.runtime.kafka;

import io.pushgate.runtime.config.KafkaConfig;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The settings of Kafka's clients: our defaults, over them {@link KafkaConfig#properties()}, over
 * those the few that nothing may change because no message would be safe without them.
 */
final class KafkaSettings {
    /** Shorter than Kafka's 30 s, so that a broker that went silent is left for another soon. */
    private static final int REQUEST_TIMEOUT_MS = 10_000;

    /**
     * What gathers for less goes to Kafka in batches of one or a few records, which are hardly
     * smaller compressed: lz4 takes two blocks of 64 KiB for each batch, and the broker, to look at
     * the records, and each reader unpack it again.
     */
    private static final Duration WORTH_COMPRESSING = Duration.ofMillis(20);

    private KafkaSettings() {}

    /**
     * @param linger how long records gather before they are sent
     */
    static Map<String, Object> producer(KafkaConfig kafka, String clientId, Duration linger) {
        Map<String, Object> settings = common(kafka);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, linger.toMillis());
        settings.put(
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                linger.compareTo(WORTH_COMPRESSING) < 0 ? "none" : "lz4");
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 32L << 20);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 2_000);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 120_000);
        settings.putAll(kafka.properties());
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return settings;
    }

    static Map<String, Object> consumer(KafkaConfig kafka, ConsumerLoopConfig loop) {
        Map<String, Object> settings = common(kafka);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 60_000);
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 16 << 20);
        if (loop.gather().isPositive()) {
            settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, ConsumerLoopConfig.GATHER_BYTES);
            settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) loop.gather().toMillis());
        }
        String protocol = kafka.properties().get(ConsumerConfig.GROUP_PROTOCOL_CONFIG);
        if (!GroupProtocol.CONSUMER.name().equalsIgnoreCase(protocol)) {
            // With the newer protocol these are the broker's, and Kafka refuses them here.
            settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
            settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000);
            settings.put(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                    CooperativeStickyAssignor.class.getName());
        }
        settings.putAll(kafka.properties());
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, loop.clientId());
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, loop.group());
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, loop.maxPollRecords());
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return settings;
    }

    /** A consumer that belongs to no group and commits nothing. */
    static Map<String, Object> reader(KafkaConfig kafka, String clientId) {
        Map<String, Object> settings = common(kafka);
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 15_000);
        settings.putAll(kafka.properties());
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.remove(ConsumerConfig.GROUP_PROTOCOL_CONFIG);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return settings;
    }

    static Map<String, Object> admin(KafkaConfig kafka) {
        Map<String, Object> settings = common(kafka);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 15_000);
        settings.putAll(kafka.properties());
        settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "pushgate-admin");
        return settings;
    }

    private static Map<String, Object> common(KafkaConfig kafka) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        settings.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        settings.putAll(SecuritySettings.of(kafka.security()));
        return settings;
    }
}
