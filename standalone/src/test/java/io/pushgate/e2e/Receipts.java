package io.pushgate.e2e;

import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.ReceiptCodec;
import io.pushgate.protocol.Topics;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Collects a topic from its beginning, on a thread of its own: every receipt, or every rejected
 * record.
 */
final class Receipts implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private volatile boolean closed;

    private Receipts(String bootstrapServers, String topic) {
        consumer =
                new KafkaConsumer<>(
                        Map.of(
                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrapServers,
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                "false",
                                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                                "false"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        // A topic that was only just made may have none yet for the client.
        List<TopicPartition> partitions =
                Awaitility.await("the partitions of " + topic)
                        .until(() -> consumer.partitionsFor(topic), found -> !found.isEmpty())
                        .stream()
                        .map(Receipts::partition)
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        thread = Thread.ofPlatform().name("collect-" + topic).daemon().start(this::run);
    }

    static Receipts of(String bootstrapServers) {
        return new Receipts(bootstrapServers, Topics.RECEIPTS);
    }

    static Receipts rejected(String bootstrapServers) {
        return new Receipts(bootstrapServers, Topics.REJECTED);
    }

    private static TopicPartition partition(PartitionInfo info) {
        return new TopicPartition(info.topic(), info.partition());
    }

    private void run() {
        try (consumer) {
            while (!closed) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    synchronized (records) {
                        records.add(record);
                    }
                }
            }
        } catch (WakeupException e) {
            // close() asked for it.
        }
    }

    /** The raw records so far. */
    List<ConsumerRecord<byte[], byte[]>> records() {
        synchronized (records) {
            return List.copyOf(records);
        }
    }

    int size() {
        synchronized (records) {
            return records.size();
        }
    }

    /** Every receipt so far. */
    List<Receipt> all() {
        return records().stream().map(record -> decode(record.value())).toList();
    }

    /** The receipts of one message so far, in the order of the topic. */
    List<Receipt> of(String app, String id) {
        return all().stream()
                .filter(receipt -> receipt.app().equals(app) && receipt.id().equals(id))
                .toList();
    }

    private static Receipt decode(byte[] value) {
        try {
            return ReceiptCodec.decode(value);
        } catch (InvalidInputException e) {
            throw new AssertionError("a receipt that is none", e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        consumer.wakeup();
        thread.join();
    }
}
