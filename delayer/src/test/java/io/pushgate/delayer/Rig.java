package io.pushgate.delayer;

import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.mailbox.Mailbox;
import io.pushgate.mailbox.MailboxConfig;
import io.pushgate.mailbox.NodeBus;
import io.pushgate.mailbox.NodeLease;
import io.pushgate.mailbox.NodeLeases;
import io.pushgate.mailbox.Offer;
import io.pushgate.mailbox.OfferResult;
import io.pushgate.mailbox.Registration;
import io.pushgate.mailbox.RoleContext;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.DeliveryCodec;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.ReceiptCodec;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.kafka.KafkaTopics;
import io.pushgate.runtime.redis.RedisChannels;
import io.pushgate.runtime.redis.RedisConnection;
import io.pushgate.testkit.TestKafka;
import io.pushgate.testkit.TestRedis;
import io.pushgate.testkit.TestTopics;
import io.pushgate.testkit.TopicReader;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A delayer's surroundings for one test: an own Redis, whose time the test moves, real Kafka. */
final class Rig implements AutoCloseable {
    static final DelayerConfig QUICK =
            new DelayerConfig(
                    Duration.ofMillis(20),
                    Duration.ofMillis(60),
                    Duration.ofMillis(100),
                    64,
                    100,
                    Duration.ofSeconds(30),
                    Duration.ofMillis(20),
                    3);

    final String app = TestTopics.unique("app");
    final String node = TestTopics.unique("node");
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final AtomicLong shift = new AtomicLong();
    final RedisConnection redis;
    final Mailbox mailbox;
    final RoleContext context;
    private final RedisChannels channels;

    /**
     * @param shards few make walks quick
     */
    Rig(int shards) throws Exception {
        TestRedis.shared().flushAll();
        KafkaTopics.ensure(
                TestKafka.shared().config(3),
                Map.of(
                        Topics.DELIVERIES,
                        Map.of(),
                        Topics.RECEIPTS,
                        Map.of(),
                        Topics.REQUESTS,
                        Map.of()));
        redis = RedisConnection.open(TestRedis.shared().config());
        await("Redis").until(() -> redis.check().ok());
        channels = new RedisChannels(redis);
        MailboxConfig defaults = MailboxConfig.defaults();
        mailbox =
                new Mailbox(
                        redis,
                        new MailboxConfig(
                                shards,
                                defaults.inboxCap(),
                                defaults.backoff(),
                                0,
                                defaults.compressAbove()),
                        registry,
                        shift::get);
        context =
                new RoleContext(
                        "test",
                        redis,
                        mailbox,
                        new NodeLeases(redis, registry),
                        new NodeBus(channels, registry),
                        TestKafka.shared().config(3),
                        registry,
                        Ticker.system());
    }

    Delayer delayer() {
        return delayer(TestKafka.shared());
    }

    /** One that hands on to another Kafka. */
    Delayer delayer(TestKafka kafka) {
        Delayer delayer = new Delayer(QUICK, ofANode(kafka));
        delayer.start();
        return delayer;
    }

    void lease() throws Exception {
        get(
                context.leases()
                        .renew(
                                new NodeLease(node, "127.0.0.1:1", 0, "", "1", 1),
                                Duration.ofMinutes(5)));
    }

    /** The context with a node id of its own, as every process has. */
    private RoleContext ofANode(TestKafka kafka) {
        return new RoleContext(
                TestTopics.unique("test"),
                context.redis(),
                context.mailbox(),
                context.leases(),
                context.bus(),
                kafka.config(3),
                context.registry(),
                context.ticker());
    }

    /** Redeliveries of every attempt. */
    double redelivered() {
        return registry.find(DelayerMeters.REDELIVERIES.meterName()).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    DeviceKey device(String name) {
        return new DeviceKey(app, name);
    }

    Route register(String device) throws Exception {
        return get(mailbox.register(new Registration(device(device), node, "pos", "1", null, null)))
                .route();
    }

    /** Puts a message into the inbox of each device; it lives for so long. */
    List<OfferResult> offer(String id, Duration ttl, List<String> devices) throws Exception {
        long now = System.currentTimeMillis() + shift.get();
        Message message =
                new Message(id, now, now + ttl.toMillis(), true, false, "{}".getBytes(UTF_8));
        return get(
                mailbox.offer(
                        devices.stream()
                                .map(d -> new Offer(device(d), message, "test", Set.of(), null))
                                .toList()));
    }

    /** Waits until every shard was looked at twice more, so that what was due was claimed. */
    void awaitWalks() {
        double before = count(DelayerMeters.CHECKS, "kind", "due");
        await("two walks")
                .until(
                        () ->
                                count(DelayerMeters.CHECKS, "kind", "due")
                                        >= before + 4.0 * mailbox.shards());
    }

    static TopicReader reader(String topic) {
        return TopicReader.fromEnd(TestKafka.shared().bootstrapServers(), topic);
    }

    List<Delivery> deliveries(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(
                        record -> {
                            try {
                                return DeliveryCodec.decode(record.value());
                            } catch (InvalidInputException e) {
                                throw new AssertionError(e);
                            }
                        })
                .filter(delivery -> delivery.device().app().equals(app))
                .toList();
    }

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

    double count(DelayerMeters meter, String... tags) {
        Counter counter = registry.find(meter.meterName()).tags(tags).counter();
        return counter == null ? 0 : counter.count();
    }

    /** Over all tags. */
    double total(DelayerMeters meter) {
        return registry.find(meter.meterName()).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        channels.close();
        redis.close();
    }
}
