package io.pushgate.loadtest;

import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.ReceiptCodec;
import io.pushgate.protocol.Topics;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads {@code push.receipts} from its end on, on a thread of its own. */
public final class ReceiptReader implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ReceiptReader.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CLOSING = Duration.ofSeconds(5);

    /** Receipts come in bulk: fewer answers from the broker cost it and us less. */
    private static final int FETCH_MIN_BYTES = 32 * 1024;

    private static final int FETCH_MAX_WAIT_MILLIS = 100;

    private final Consumer<Receipt> book;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Stands at the end of the topic when it returns.
     *
     * @param properties of the consumer, besides
     * @param book is handed each receipt, by the reader's thread
     * @throws LoadTestException if Kafka can't be reached or has no such topic
     */
    public ReceiptReader(String bootstrap, Map<String, String> properties, Consumer<Receipt> book)
            throws LoadTestException {
        this.book = book;
        try {
            consumer =
                    new KafkaConsumer<>(
                            settings(bootstrap, properties),
                            new ByteArrayDeserializer(),
                            new ByteArrayDeserializer());
        } catch (KafkaException e) {
            throw KafkaTrouble.of(bootstrap, Topics.RECEIPTS, e);
        }
        try {
            goToEnd();
        } catch (KafkaException e) {
            consumer.close();
            throw KafkaTrouble.of(bootstrap, Topics.RECEIPTS, e);
        }
        thread = Thread.ofPlatform().name("load-receipts").daemon().start(this::run);
    }

    private static Map<String, Object> settings(String bootstrap, Map<String, String> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        all.put(ConsumerConfig.CLIENT_ID_CONFIG, "pushgate-loadtest-receipts");
        all.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        all.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, FETCH_MIN_BYTES);
        all.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_MAX_WAIT_MILLIS);
        return all;
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join(CLOSING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void goToEnd() {
        List<TopicPartition> partitions =
                consumer.partitionsFor(Topics.RECEIPTS).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        if (partitions.isEmpty()) {
            throw new KafkaException("no topic " + Topics.RECEIPTS);
        }
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        // Seeking is lazy: without this, receipts that come before the first poll would be missed.
        partitions.forEach(consumer::position);
    }

    private void run() {
        try (consumer) {
            while (!closed) {
                consumer.poll(POLL).forEach(this::count);
            }
        } catch (WakeupException e) {
            log.debug("closing", e);
        } catch (KafkaException e) {
            log.error("reading {} failed: acks are no longer counted", Topics.RECEIPTS, e);
        }
    }

    private void count(ConsumerRecord<byte[], byte[]> record) {
        try {
            book.accept(ReceiptCodec.decode(record.value()));
        } catch (InvalidInputException e) {
            log.warn("not a receipt: {}", e.getMessage());
        }
    }
}
