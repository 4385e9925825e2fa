package io.pushgate.loadtest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.loadtest.machine.Pacer;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.PushRequestCodec;
import io.pushgate.protocol.Target;
import io.pushgate.protocol.Topics;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * Publishes to {@code push.requests} by the schedule, whatever becomes of the messages: an open
 * loop. When it is held up it sends what is overdue at once; that counts as latency.
 */
final class Publisher implements AutoCloseable {
    /** Messages of a failed run don't wait for their devices for days. */
    private static final Duration TTL = Duration.ofHours(1);

    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final LoadTestConfig config;
    private final RunNames names;
    private final Schedule schedule;
    private final Account account;
    private final KafkaProducer<byte[], byte[]> producer;

    /**
     * @throws LoadTestException if Kafka can't be reached or has no such topic
     */
    Publisher(LoadTestConfig config, RunNames names, Schedule schedule, Account account)
            throws LoadTestException {
        this.config = config;
        this.names = names;
        this.schedule = schedule;
        this.account = account;
        try {
            producer =
                    new KafkaProducer<>(
                            Map.of(
                                    ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                    config.kafkaBootstrap(),
                                    ProducerConfig.CLIENT_ID_CONFIG,
                                    "pushgate-loadtest",
                                    ProducerConfig.ACKS_CONFIG,
                                    "all",
                                    ProducerConfig.LINGER_MS_CONFIG,
                                    1,
                                    ProducerConfig.MAX_BLOCK_MS_CONFIG,
                                    10_000,
                                    ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                    10_000,
                                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                                    30_000),
                            new ByteArraySerializer(),
                            new ByteArraySerializer());
        } catch (KafkaException e) {
            throw KafkaTrouble.of(config.kafkaBootstrap(), Topics.REQUESTS, e);
        }
        try {
            // Fetches the topic's metadata, which the first message would wait for.
            producer.partitionsFor(Topics.REQUESTS);
        } catch (KafkaException e) {
            close();
            throw KafkaTrouble.of(config.kafkaBootstrap(), Topics.REQUESTS, e);
        }
    }

    /**
     * Sends every message when it is due and returns when the last is sent.
     *
     * @param start when message 0 is due, on the clock of {@link System#nanoTime}
     */
    void publish(long start) throws InterruptedException {
        for (int message = 0; message < schedule.messages(); message++) {
            Pacer.awaitTime(start + schedule.offset(message));
            send(message);
        }
    }

    private void send(int message) throws InterruptedException {
        String device = names.device(schedule.device(message));
        byte[] data =
                new Payload(message, schedule.sequence(message)).encode(config.payloadBytes());
        PushRequest request =
                PushRequest.of(
                                names.message(message),
                                config.app(),
                                new Target.Device(device, Set.of()),
                                data)
                        .withReceipt()
                        .withTtl(TTL);
        var record =
                new ProducerRecord<>(
                        Topics.REQUESTS, device.getBytes(UTF_8), PushRequestCodec.encode(request));
        try {
            var _ = producer.send(record, (_, failure) -> sent(message, failure));
        } catch (InterruptException e) {
            // Kafka has set the flag again; it is for whoever calls Thread.interrupted() next.
            Thread.interrupted();
            InterruptedException interrupted = new InterruptedException();
            interrupted.initCause(e);
            throw interrupted;
        } catch (KafkaException e) {
            account.publishFailed();
        }
    }

    private void sent(int message, @Nullable Exception failure) {
        if (failure == null) {
            account.published(message);
        } else {
            account.publishFailed();
        }
    }

    @Override
    public void close() {
        producer.close(CLOSING);
    }
}
