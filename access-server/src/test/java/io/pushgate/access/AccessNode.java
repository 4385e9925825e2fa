package io.pushgate.access;

import com.nimbusds.jwt.JWTClaimsSet;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.access.auth.Keys;
import io.pushgate.mailbox.LogOffer;
import io.pushgate.mailbox.LogResult;
import io.pushgate.mailbox.Mailbox;
import io.pushgate.mailbox.MailboxConfig;
import io.pushgate.mailbox.NodeBus;
import io.pushgate.mailbox.NodeLeases;
import io.pushgate.mailbox.Offer;
import io.pushgate.mailbox.OfferResult;
import io.pushgate.mailbox.RoleContext;
import io.pushgate.protocol.Broadcast;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.NodeMessage;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.StageTimes;
import io.pushgate.runtime.Closer;
import io.pushgate.runtime.Health;
import io.pushgate.runtime.StartupException;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.config.KafkaConfig;
import io.pushgate.runtime.config.RedisConfig;
import io.pushgate.runtime.redis.HistoryChangedException;
import io.pushgate.runtime.redis.RedisChannels;
import io.pushgate.runtime.redis.RedisConnection;
import io.pushgate.testkit.TestRedis;

import org.awaitility.Awaitility;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An access server over a real Redis, with what a test needs around it. */
final class AccessNode implements AutoCloseable {
    private static final AtomicInteger NODES = new AtomicInteger();
    private static final KafkaConfig NO_KAFKA =
            new KafkaConfig("127.0.0.1:9", 1, (short) 1, Map.of());

    final String id = "test-" + ProcessHandle.current().pid() + "-" + NODES.incrementAndGet();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final Mailbox mailbox;
    final NodeBus bus;
    final NodeLeases leases;
    final AccessServer server;
    private final RedisConnection connection;
    private final Closer closer = new Closer();

    private AccessNode(RedisConfig redis, KafkaConfig kafka, Map<String, String> settings) {
        connection = closer.add(RedisConnection.open(redis));
        mailbox = new Mailbox(connection, MailboxConfig.defaults(), meters);
        bus = new NodeBus(closer.add(new RedisChannels(connection)), meters);
        leases = new NodeLeases(connection, meters);
        server =
                closer.add(
                        new AccessServer(
                                SessionRig.config(settings),
                                new RoleContext(
                                        id,
                                        connection,
                                        mailbox,
                                        leases,
                                        bus,
                                        kafka,
                                        meters,
                                        Ticker.system())));
    }

    /**
     * A node that is ready.
     *
     * @param settings below {@code access}, over the ones that every test wants
     */
    static AccessNode start(Map<String, String> settings) throws Exception {
        return start(TestRedis.shared().config(), NO_KAFKA, settings);
    }

    static AccessNode start(RedisConfig redis, KafkaConfig kafka, Map<String, String> settings)
            throws Exception {
        AccessNode node = create(redis, kafka, settings);
        try {
            node.server.start();
            node.awaitReady();
            return node;
        } catch (StartupException | RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private static AccessNode create(
            RedisConfig redis, KafkaConfig kafka, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>();
        all.put("host", "127.0.0.1");
        all.put("port", "0");
        all.put("event-loops", "2");
        all.put("keys", Keys.HS256_ENTRY);
        all.putAll(settings);
        return new AccessNode(redis, kafka, all);
    }

    static KafkaConfig noKafka() {
        return NO_KAFKA;
    }

    void awaitReady() {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> {
                            Health health = server.health();
                            if (!health.isReady()) {
                                throw new AssertionError(health);
                            }
                        });
    }

    int port() {
        return server.port();
    }

    /** Connects the device and waits for its welcome. */
    RawClient open(DeviceKey device) throws IOException {
        return open(Keys.claims(device.app(), device.device()), "");
    }

    /** The same with claims of its own and {@link RawClient#open more parameters}. */
    RawClient open(JWTClaimsSet.Builder claims, String query) throws IOException {
        String token = Keys.hs256("test", claims.build(), Keys.SECRET);
        RawClient client = RawClient.open(port(), token, 0, query);
        client.awaitWelcome();
        return client;
    }

    Optional<Route> route(DeviceKey device) throws Exception {
        return get(mailbox.route(device));
    }

    /** Puts a message into the inbox, as a purger does. */
    OfferResult.Accepted offer(DeviceKey device, String id, byte[] payload) throws Exception {
        return offer(device, id, payload, false);
    }

    OfferResult.Accepted offer(DeviceKey device, String id, byte[] payload, boolean receipt)
            throws Exception {
        long now = System.currentTimeMillis();
        Message message = new Message(id, now, now + 600_000, receipt, false, payload);
        Offer offer = new Offer(device, message, "0:" + id, Set.of(), null);
        return (OfferResult.Accepted) offerAgainAfterRestart(offer).getFirst();
    }

    /** The first offer after Redis started again is refused, once, so that a purger rewinds. */
    private List<OfferResult> offerAgainAfterRestart(Offer offer) throws Exception {
        try {
            return get(mailbox.offer(List.of(offer)));
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof HistoryChangedException)) {
                throw e;
            }
            return get(mailbox.offer(List.of(offer)));
        }
    }

    OfferResult.Accepted offer(DeviceKey device, String id) throws Exception {
        return offer(device, id, "{}".getBytes(StandardCharsets.UTF_8));
    }

    /** Puts a message into the inbox and has it delivered, as purger and dispatcher do. */
    void push(DeviceKey device, String id, byte[] payload) throws Exception {
        OfferResult.Accepted offered = offer(device, id, payload);
        Route route = offered.route();
        if (route != null) {
            deliver(
                    route.node(),
                    new Delivery.Push(
                            device,
                            route,
                            offered.position(),
                            offered.previous(),
                            new Message(
                                    id,
                                    offered.position().millis(),
                                    Long.MAX_VALUE,
                                    false,
                                    false,
                                    payload)));
        }
    }

    /** Appends a broadcast, as a purger does; pub/sub loses it. */
    Broadcast append(LogKey log, String id, String... platforms) throws Exception {
        return append(log, id, "{}".getBytes(StandardCharsets.UTF_8), platforms);
    }

    Broadcast append(LogKey log, String id, byte[] payload, String... platforms) throws Exception {
        long now = System.currentTimeMillis();
        Message message = new Message(id, now, now + 600_000, false, false, payload);
        LogOffer offer = new LogOffer(log, message, "0:" + id, Set.of(platforms), false);
        LogResult.Accepted at =
                (LogResult.Accepted) get(mailbox.logs().append(List.of(offer))).getFirst();
        return new Broadcast(log, at.position(), at.previous(), Set.of(platforms), message);
    }

    /** Has it come in at the nodes, as a dispatcher does. */
    void publish(Broadcast broadcast, AccessNode... nodes) throws Exception {
        for (AccessNode node : nodes) {
            get(
                    bus.publish(
                            node.id,
                            new NodeMessage.Broadcasts(
                                    List.of(
                                            new NodeMessage.TimedBroadcast(
                                                    broadcast, StageTimes.NONE)))));
        }
    }

    void push(DeviceKey device, String id) throws Exception {
        push(device, id, "{}".getBytes(StandardCharsets.UTF_8));
    }

    void deliver(String node, Delivery delivery) throws Exception {
        NodeMessage.Timed timed = new NodeMessage.Timed(delivery, StageTimes.NONE);
        get(bus.publish(node, new NodeMessage.Batch("tests", List.of(timed))));
    }

    static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** 0 where nothing was counted yet. */
    double count(AccessMeters meter, String... tags) {
        return meters.find(meter.meterName()).tags(tags).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    /** Dies: its connections break, and Redis hears nothing of it. */
    void kill() {
        connection.close();
        close();
    }

    @Override
    public void close() {
        closer.close();
    }
}
