package io.pushgate.dispatcher;

import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.mailbox.Mailbox;
import io.pushgate.mailbox.MailboxConfig;
import io.pushgate.mailbox.NodeBus;
import io.pushgate.mailbox.NodeLease;
import io.pushgate.mailbox.NodeLeases;
import io.pushgate.mailbox.Registration;
import io.pushgate.mailbox.RoleContext;
import io.pushgate.protocol.Broadcast;
import io.pushgate.protocol.BroadcastCodec;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.DeliveryCodec;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Priority;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.StageTimes;
import io.pushgate.protocol.StageTimesCodec;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.StartupException;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.config.KafkaConfig;
import io.pushgate.runtime.config.RedisConfig;
import io.pushgate.runtime.kafka.KafkaTopics;
import io.pushgate.runtime.redis.RedisChannels;
import io.pushgate.runtime.redis.RedisConnection;
import io.pushgate.testkit.TestTopics;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** A dispatcher's surroundings for one test: its own app and nodes, real Redis and Kafka. */
final class Rig implements AutoCloseable {
    static final DispatcherConfig CONFIG =
            new DispatcherConfig(
                    "pushgate-dispatcher",
                    500,
                    5000,
                    10_000,
                    512 * 1024,
                    Duration.ofMillis(20),
                    3,
                    1000,
                    Duration.ofMillis(20),
                    Duration.ofMillis(200));

    final String app = TestTopics.unique("app");
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final RedisConnection redis;
    final Mailbox mailbox;
    final RoleContext context;
    private final RedisChannels channels;
    private final KafkaProducer<byte[], byte[]> producer;
    private long sequence;

    Rig(String redisUri, String bootstrapServers) throws StartupException, InterruptedException {
        KafkaConfig kafka = new KafkaConfig(bootstrapServers, 3, (short) 1, Map.of());
        KafkaTopics.ensure(
                kafka,
                Topics.lanesOf(Topics.DELIVERIES).stream()
                        .collect(Collectors.toMap(topic -> topic, _ -> Map.of())));
        redis =
                RedisConnection.open(
                        new RedisConfig(redisUri, RedisConfig.Mode.AUTO, Duration.ofSeconds(3)));
        await("Redis").until(() -> redis.check().ok());
        channels = new RedisChannels(redis);
        mailbox = new Mailbox(redis, MailboxConfig.defaults(), registry);
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

    Dispatcher dispatcher() {
        Dispatcher dispatcher = new Dispatcher(CONFIG, ofANode());
        dispatcher.start();
        return dispatcher;
    }

    FakeNode node() throws ExecutionException, InterruptedException, TimeoutException {
        return new FakeNode(TestTopics.unique("node"), context.bus());
    }

    /** Gives the node a lease that outlives the test. */
    void lease(FakeNode node) throws ExecutionException, InterruptedException, TimeoutException {
        lease(node.id());
    }

    void lease(String node) throws ExecutionException, InterruptedException, TimeoutException {
        context.leases()
                .renew(new NodeLease(node, "127.0.0.1:1", 0, "", "1", 1), Duration.ofMinutes(5))
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
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

    Route register(String device, FakeNode node)
            throws ExecutionException, InterruptedException, TimeoutException {
        return mailbox.register(
                        new Registration(device(device), node.id(), "pos", "1.0", null, null))
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS)
                .route();
    }

    /** A push with the next position. */
    Delivery.Push push(String device, Route route, String id, int bytes) {
        sequence++;
        long now = System.currentTimeMillis();
        return new Delivery.Push(
                device(device),
                route,
                new Position(now, sequence),
                Position.NONE,
                new Message(
                        id, now, now + 60_000, false, false, "1".repeat(bytes).getBytes(UTF_8)));
    }

    /** A broadcast with the next position. */
    Broadcast broadcast(String id, int bytes) {
        Delivery.Push push = push("any", new Route("any", 1), id, bytes);
        return new Broadcast(
                LogKey.all(app), push.position(), Position.NONE, Set.of(), push.message());
    }

    void send(Broadcast broadcast) {
        var _ =
                producer.send(
                        new ProducerRecord<>(
                                Topics.DELIVERIES,
                                broadcast.log().toString().getBytes(UTF_8),
                                BroadcastCodec.encode(broadcast)));
    }

    void send(Delivery delivery) {
        send(Priority.NORMAL, delivery);
    }

    void send(Priority lane, Delivery delivery) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        Topics.deliveries(lane),
                        delivery.device().toString().getBytes(UTF_8),
                        DeliveryCodec.encode(delivery));
        long now = System.currentTimeMillis();
        record.headers()
                .add(Topics.TIMES_HEADER, StageTimesCodec.encode(new StageTimes(now, now, 0)));
        Future<RecordMetadata> _ = producer.send(record);
    }

    void sendRaw(byte[] value) {
        Future<RecordMetadata> _ = producer.send(new ProducerRecord<>(Topics.DELIVERIES, value));
    }

    void flush() {
        producer.flush();
    }

    double count(DispatcherMeters meter, String... tags) {
        Counter counter = registry.find(meter.meterName()).tags(tags).counter();
        return counter == null ? 0 : counter.count();
    }

    double gauge(DispatcherMeters meter) {
        Gauge gauge = registry.find(meter.meterName()).gauge();
        return gauge == null ? 0 : gauge.value();
    }

    @Override
    public void close() {
        producer.close();
        channels.close();
        redis.close();
    }
}
