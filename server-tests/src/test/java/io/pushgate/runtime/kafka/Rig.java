package io.pushgate.runtime.kafka;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.config.KafkaConfig;
import io.pushgate.runtime.telemetry.RuntimeMeters;
import io.pushgate.testkit.TestTopics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;

/** A topic and a group of its own on a real Kafka, and loops that read it. */
final class Rig implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    final String topic = TestTopics.unique("loop");
    final String group = TestTopics.unique("group");
    final KafkaConfig kafka;

    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<ConsumerLoop> loops = new ArrayList<>();
    private int clients;

    /** A loop under test with the meters that it alone writes. */
    record Member(ConsumerLoop loop, SimpleMeterRegistry registry) {
        double count(RuntimeMeters meter) {
            return registry.find(meter.meterName()).counters().stream()
                    .mapToDouble(counter -> counter.count())
                    .sum();
        }

        double count(RuntimeMeters meter, String tag, String value) {
            return registry.find(meter.meterName()).tag(tag, value).counters().stream()
                    .mapToDouble(counter -> counter.count())
                    .sum();
        }

        double gauge(RuntimeMeters meter) {
            return registry.get(meter.meterName()).gauge().value();
        }

        boolean drain(Duration patience) throws InterruptedException {
            return loop.drain(Deadline.in(patience, Ticker.system()));
        }
    }

    /** What a handler was given: partition and offset. */
    record Seen(int partition, long offset) {
        static Seen of(ConsumerRecord<byte[], byte[]> record) {
            return new Seen(record.partition(), record.offset());
        }
    }

    /** Keeps what it is given, in order, with the completions, and completes nothing by itself. */
    static final class Collector implements BatchHandler {
        final List<ConsumerRecord<byte[], byte[]>> records = new CopyOnWriteArrayList<>();
        private volatile Completions completions = record -> {};

        @Override
        public void handle(List<ConsumerRecord<byte[], byte[]>> batch, Completions done) {
            completions = done;
            records.addAll(batch);
        }

        List<Seen> seen() {
            return records.stream().map(Seen::of).toList();
        }

        List<Long> offsets() {
            return records.stream().map(ConsumerRecord::offset).toList();
        }

        /** Only for records of the newest batch's partitions. */
        void complete(int from, int to) {
            records.subList(from, to).forEach(completions::complete);
        }
    }

    Rig(KafkaConfig kafka, int partitions) {
        this.kafka = kafka;
        this.admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        this.producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        get(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all());
    }

    ConsumerLoopConfig config() {
        return ConsumerLoopConfig.of(topic, group, group + "-" + ++clients);
    }

    /** The config of a loop that commits only when it has to: on revoke, drain and close. */
    ConsumerLoopConfig withoutTimedCommits() {
        ConsumerLoopConfig usual = config();
        return new ConsumerLoopConfig(
                usual.topic(),
                usual.group(),
                usual.clientId(),
                usual.maxPollRecords(),
                usual.maxInFlight(),
                usual.maxInFlightBytes(),
                Duration.ofHours(1),
                usual.revokeWait(),
                usual.gather());
    }

    Member start(BatchHandler handler) {
        return start(config(), kafka, handler);
    }

    Member start(ConsumerLoopConfig config, KafkaConfig settings, BatchHandler handler) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        ConsumerLoop loop = new ConsumerLoop(config, settings, handler, registry);
        loops.add(loop);
        loop.start();
        return new Member(loop, registry);
    }

    KafkaConfig with(Map<String, String> properties) {
        return new KafkaConfig(kafka.bootstrapServers(), 1, (short) 1, properties);
    }

    /** Puts {@code count} records into a partition and returns when Kafka has them. */
    void publish(int partition, int count) {
        for (int i = 0; i < count; i++) {
            byte[] value = ("record " + i).getBytes(StandardCharsets.UTF_8);
            var _ = producer.send(new ProducerRecord<>(topic, partition, null, value));
        }
        producer.flush();
    }

    /** What the group has committed for a partition, 0 for nothing yet. */
    long committed(int partition) {
        Map<TopicPartition, OffsetAndMetadata> offsets =
                get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        OffsetAndMetadata offset = offsets.get(new TopicPartition(topic, partition));
        return offset == null ? 0 : offset.offset();
    }

    /** How many partitions each member has. */
    List<Integer> assignments() {
        return get(admin.describeConsumerGroups(List.of(group)).all()).values().stream()
                .flatMap(description -> description.members().stream())
                .map(member -> member.assignment().topicPartitions().size())
                .sorted()
                .toList();
    }

    @Override
    public void close() {
        loops.forEach(ConsumerLoop::close);
        producer.close();
        admin.close();
    }

    private static <T> T get(org.apache.kafka.common.KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
