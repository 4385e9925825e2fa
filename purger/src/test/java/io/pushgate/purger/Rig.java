package io.pushgate.purger;

import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.mailbox.Entry;
import io.pushgate.mailbox.Mailbox;
import io.pushgate.mailbox.MailboxConfig;
import io.pushgate.mailbox.NodeBus;
import io.pushgate.mailbox.NodeLeases;
import io.pushgate.mailbox.Page;
import io.pushgate.mailbox.Registered;
import io.pushgate.mailbox.Registration;
import io.pushgate.mailbox.RoleContext;
import io.pushgate.protocol.Broadcast;
import io.pushgate.protocol.BroadcastCodec;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.DeliveryCodec;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Priority;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.ReceiptCodec;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.StartupException;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.config.KafkaConfig;
import io.pushgate.runtime.config.RedisConfig;
import io.pushgate.runtime.kafka.KafkaTopics;
import io.pushgate.runtime.redis.RedisChannels;
import io.pushgate.runtime.redis.RedisConnection;
import io.pushgate.testkit.TestTopics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** A purger's surroundings for one test: its own app, real Redis and Kafka. */
final class Rig implements AutoCloseable {
    static final PurgerConfig CONFIG =
            new PurgerConfig(
                    "pushgate-purger",
                    500,
                    5000,
                    10_000,
                    2000,
                    Duration.ofMillis(20),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(10),
                    10_000,
                    new PurgerConfig.ExpansionConfig(500, 1000, 1_000_000));

    /** The same for groups that have a log from this size on. */
    static PurgerConfig withGroupLogAbove(int devices) {
        return new PurgerConfig(
                CONFIG.group(),
                CONFIG.maxPollRecords(),
                CONFIG.maxInFlight(),
                CONFIG.maxUnacknowledged(),
                CONFIG.maxOffers(),
                CONFIG.retryFirst(),
                CONFIG.retryMost(),
                CONFIG.replayAfterFailover(),
                devices,
                CONFIG.expansion());
    }

    private static final int PARTITIONS = 3;

    final String app = TestTopics.unique("app");
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final KafkaConfig kafka;
    final RedisConnection redis;
    final Mailbox mailbox;
    final RoleContext context;
    private final RedisChannels channels;
    private final KafkaProducer<byte[], byte[]> producer;

    Rig(String redisUri, String bootstrapServers) throws StartupException, InterruptedException {
        this(redisUri, bootstrapServers, MailboxConfig.defaults());
    }

    Rig(String redisUri, String bootstrapServers, MailboxConfig mailboxConfig)
            throws StartupException, InterruptedException {
        kafka = new KafkaConfig(bootstrapServers, PARTITIONS, (short) 1, Map.of());
        KafkaTopics.ensure(kafka, topics());
        forgetRecords(bootstrapServers);
        redis =
                RedisConnection.open(
                        new RedisConfig(redisUri, RedisConfig.Mode.AUTO, Duration.ofSeconds(3)));
        await("Redis").until(() -> redis.check().ok());
        channels = new RedisChannels(redis);
        mailbox = new Mailbox(redis, mailboxConfig, registry);
        context =
                new RoleContext(
                        "test",
                        redis,
                        mailbox,
                        new NodeLeases(redis, registry),
                        new NodeBus(channels, registry),
                        kafka,
                        registry,
                        Ticker.system());
        producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrapServers, "linger.ms", "5"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    /** What the purger of an earlier test had not committed is not for the one of this. */
    private static void forgetRecords(String bootstrapServers) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> newest = new HashMap<>();
        List<String> taken = new ArrayList<>(List.of(Topics.EXPANSIONS));
        for (Priority lane : Priority.values()) {
            taken.add(Topics.requests(lane));
        }
        for (String topic : taken) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                newest.put(new TopicPartition(topic, partition), OffsetSpec.latest());
            }
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            Map<TopicPartition, RecordsToDelete> old = new HashMap<>();
            admin.listOffsets(newest)
                    .all()
                    .get()
                    .forEach(
                            (partition, end) ->
                                    old.put(partition, RecordsToDelete.beforeOffset(end.offset())));
            admin.deleteRecords(old).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Map<String, String>> topics() {
        return Topics.all().stream().collect(Collectors.toMap(topic -> topic, _ -> Map.of()));
    }

    Purger purger() {
        return purger(CONFIG);
    }

    Purger purger(PurgerConfig config) {
        Purger purger = new Purger(config, ofANode());
        purger.start();
        return purger;
    }

    /** The context with a node id of its own, as every process has. */
    private RoleContext ofANode() {
        return new RoleContext(
                TestTopics.unique("test"),
                context.redis(),
                context.mailbox(),
                context.leases(),
                context.bus(),
                context.kafka(),
                context.registry(),
                context.ticker());
    }

    DeviceKey device(String name) {
        return new DeviceKey(app, name);
    }

    /** Sends to partition 0, so that everything a test sends is in one order. */
    RecordMetadata send(byte @Nullable [] value) throws ExecutionException, InterruptedException {
        return producer.send(new ProducerRecord<>(Topics.REQUESTS, 0, null, value)).get();
    }

    RecordMetadata sendTo(String topic, String json)
            throws ExecutionException, InterruptedException {
        return producer.send(new ProducerRecord<>(topic, 0, null, json.getBytes(UTF_8))).get();
    }

    RecordMetadata send(String json) throws ExecutionException, InterruptedException {
        return send(json.getBytes(UTF_8));
    }

    void sendAll(List<String> requests) {
        for (String json : requests) {
            Future<RecordMetadata> _ =
                    producer.send(
                            new ProducerRecord<>(Topics.REQUESTS, 0, null, json.getBytes(UTF_8)));
        }
        producer.flush();
    }

    RecordMetadata sendAt(long timestamp, String json)
            throws ExecutionException, InterruptedException {
        return producer.send(
                        new ProducerRecord<>(
                                Topics.REQUESTS, 0, timestamp, null, json.getBytes(UTF_8)))
                .get();
    }

    /** A request of this test's app; {@code more} is further fields, with a leading comma. */
    String request(String id, String to, String more) {
        return """
               {"id":"%s","app":"%s","to":%s,"data":{"n":"%s"}%s}"""
                .formatted(id, app, to, id, more);
    }

    String toDevice(String id, String device) {
        return request(id, "{\"device\":\"" + device + "\"}", "");
    }

    Registered register(String device, String platform, @Nullable String user)
            throws ExecutionException, InterruptedException, TimeoutException {
        return mailbox.register(new Registration(device(device), "n1", platform, "1.0", user, null))
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
    }

    /** The ids in a device's inbox, oldest first. */
    List<String> inbox(String device)
            throws ExecutionException, InterruptedException, TimeoutException {
        List<String> ids = new ArrayList<>();
        Position after = Position.NONE;
        while (true) {
            Page page =
                    mailbox.fetch(device(device), after, 200)
                            .toCompletableFuture()
                            .get(5, TimeUnit.SECONDS);
            for (Entry entry : page.entries()) {
                ids.add(entry.message().id());
                after = entry.position();
            }
            if (!page.more()) {
                return ids;
            }
        }
    }

    double count(PurgerMeters meter, String... tags) {
        Counter counter = registry.find(meter.meterName()).tags(tags).counter();
        return counter == null ? 0 : counter.count();
    }

    /** The receipts of this test's app among the records. */
    List<Receipt> receipts(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(
                        record -> {
                            try {
                                return ReceiptCodec.decode(record.value());
                            } catch (InvalidInputException e) {
                                throw new AssertionError(e);
                            }
                        })
                .filter(receipt -> receipt.app().equals(app))
                .toList();
    }

    /** The broadcasts of this test's app among the records. */
    List<Broadcast> broadcasts(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .filter(record -> BroadcastCodec.isBroadcast(record.value()))
                .map(
                        record -> {
                            try {
                                return BroadcastCodec.decode(record.value());
                            } catch (InvalidInputException e) {
                                throw new AssertionError(e);
                            }
                        })
                .filter(broadcast -> broadcast.log().app().equals(app))
                .toList();
    }

    /** The deliveries of this test's app among the records. */
    List<Delivery.Push> deliveries(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .filter(record -> !BroadcastCodec.isBroadcast(record.value()))
                .map(
                        record -> {
                            try {
                                return (Delivery.Push) DeliveryCodec.decode(record.value());
                            } catch (InvalidInputException e) {
                                throw new AssertionError(e);
                            }
                        })
                .filter(delivery -> delivery.device().app().equals(app))
                .toList();
    }

    @Override
    public void close() {
        producer.close();
        channels.close();
        redis.close();
    }
}
