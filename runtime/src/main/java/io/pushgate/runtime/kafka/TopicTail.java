package io.pushgate.runtime.kafka;

import io.pushgate.runtime.config.KafkaConfig;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads the newest records of a topic once, without a consumer group: nobody else's offsets move.
 */
public final class TopicTail {
    private static final Duration POLL = Duration.ofMillis(500);

    private TopicTail() {}

    /**
     * Hands over what is there when it is called, each partition in its order; returns at the end
     * of all.
     *
     * @param records how many are read at most, shared out evenly over the partitions
     * @param atMost how long it may take; what was handed over by then is all
     * @return how many records were handed over
     * @throws KafkaException if Kafka can't be asked, or there is no such topic
     */
    public static long read(
            KafkaConfig kafka,
            String topic,
            long records,
            Duration atMost,
            Consumer<ConsumerRecord<byte[], byte[]>> taker) {
        long deadline = System.nanoTime() + atMost.toNanos();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(KafkaSettings.reader(kafka, "pushgate-tail"))) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions(consumer, topic));
            List<TopicPartition> all = new ArrayList<>(ends.keySet());
            consumer.assign(all);
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(all);
            long each = Math.max(1, records / all.size());
            for (TopicPartition partition : all) {
                long end = ends.getOrDefault(partition, 0L);
                consumer.seek(partition, Math.max(begins.getOrDefault(partition, 0L), end - each));
            }
            long read = 0;
            Map<TopicPartition, Long> left = new HashMap<>(ends);
            while (unread(consumer, left) && System.nanoTime() - deadline < 0) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    taker.accept(record);
                    read++;
                }
            }
            return read;
        }
    }

    private static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, String topic) {
        List<PartitionInfo> partitions = consumer.partitionsFor(topic);
        if (partitions == null || partitions.isEmpty()) {
            throw new KafkaException("there is no topic " + topic);
        }
        return partitions.stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    /** Leaves the partitions that were read to their end, and says whether there are others. */
    private static boolean unread(KafkaConsumer<?, ?> consumer, Map<TopicPartition, Long> left) {
        List<TopicPartition> done =
                left.entrySet().stream()
                        .filter(end -> consumer.position(end.getKey()) >= end.getValue())
                        .map(Map.Entry::getKey)
                        .toList();
        consumer.pause(done);
        left.keySet().removeAll(done);
        return !left.isEmpty();
    }
}
