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
import java.util.List;
import java.util.Map;

/** Reads {@code push.receipts} from its end on, on a thread of its own, and books this run's. */
final class ReceiptCounter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ReceiptCounter.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final RunNames names;
    private final int messages;
    private final Account account;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Stands at the end of the topic when it returns.
     *
     * @throws LoadTestException if Kafka can't be reached or has no such topic
     */
    ReceiptCounter(LoadTestConfig config, RunNames names, Account account)
            throws LoadTestException {
        this.names = names;
        this.messages = config.messages();
        this.account = account;
        try {
            consumer =
                    new KafkaConsumer<>(
                            Map.of(
                                    ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                    config.kafkaBootstrap(),
                                    ConsumerConfig.CLIENT_ID_CONFIG,
                                    "pushgate-loadtest-receipts",
                                    ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                    10_000,
                                    ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                                    false,
                                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                    "latest"),
                            new ByteArrayDeserializer(),
                            new ByteArrayDeserializer());
        } catch (KafkaException e) {
            throw KafkaTrouble.of(config.kafkaBootstrap(), Topics.RECEIPTS, e);
        }
        try {
            goToEnd();
        } catch (KafkaException e) {
            consumer.close();
            throw KafkaTrouble.of(config.kafkaBootstrap(), Topics.RECEIPTS, e);
        }
        thread = Thread.ofPlatform().name("load-receipts").daemon().start(this::run);
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
        Receipt receipt;
        try {
            receipt = ReceiptCodec.decode(record.value());
        } catch (InvalidInputException e) {
            log.warn("not a receipt: {}", e.getMessage());
            return;
        }
        int message = names.messageOf(receipt.id(), messages);
        if (message < 0) {
            return;
        }
        switch (receipt.status()) {
            case DELIVERED -> account.acked(message);
            case ACCEPTED -> {}
            case EXPIRED, OVERFLOWED, UNACKED, RECALLED, SUPERSEDED, DUPLICATE, REJECTED ->
                    account.otherReceipt();
        }
    }
}
