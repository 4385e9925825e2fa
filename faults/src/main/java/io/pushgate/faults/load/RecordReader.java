package io.pushgate.faults.load;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads a topic from its end on, on a thread of its own. */
public final class RecordReader implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RecordReader.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int FETCH_MIN_BYTES = 1 << 20;
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Consumer<ConsumerRecord<byte[], byte[]>> records;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Stands at the end of the topic when it returns.
     *
     * @param records told each record, on the reader's thread
     */
    public RecordReader(
            String kafka, String topic, Consumer<ConsumerRecord<byte[], byte[]>> records) {
        this.records = records;
        this.consumer =
                new KafkaConsumer<>(
                        Map.of(
                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                kafka,
                                ConsumerConfig.CLIENT_ID_CONFIG,
                                "faults-" + topic,
                                // Few large answers: the broker is to work for the gateway.
                                ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                                FETCH_MIN_BYTES,
                                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                                (int) POLL.toMillis(),
                                ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                                500,
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                "earliest"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        List<TopicPartition> partitions =
                consumer.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        // Seeking is lazy: without this, what comes before the first poll would be missed.
        partitions.forEach(consumer::position);
        thread = Thread.ofPlatform().daemon().name("faults-" + topic).start(this::run);
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            var _ = thread.join(CLOSING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (consumer) {
            while (!closed) {
                poll();
            }
        } catch (WakeupException e) {
            log.debug("closing", e);
        }
    }

    private void poll() {
        try {
            consumer.poll(POLL).forEach(records);
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            // The broker is part of what is broken on purpose.
            log.debug("a poll failed", e);
        }
    }
}
