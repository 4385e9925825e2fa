package io.pushgate.runtime.redis;

import static io.pushgate.runtime.redis.RedisTests.awaitOk;
import static io.pushgate.runtime.redis.RedisTests.bytes;
import static io.pushgate.runtime.redis.RedisTests.get;
import static io.pushgate.runtime.redis.RedisTests.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.cluster.SlotHash;
import io.pushgate.embedded.EmbeddedRedis;
import io.pushgate.embedded.RedisWire;
import io.pushgate.testkit.TestRedisCluster;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Three primaries with a replica each, and what happens to subscriptions when slots change hands;
 * the worst comes last.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RedisChannelsClusterTest {
    private static final String CHANNEL = "{node:n1}";
    private static TestRedisCluster cluster;

    private final Queue<String> received = new ConcurrentLinkedQueue<>();
    private final AtomicInteger sent = new AtomicInteger();
    private RedisConnection redis;
    private RedisChannels channels;
    private Subscription subscription;

    @BeforeAll
    static void startCluster() {
        cluster = TestRedisCluster.start(3, 1);
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @BeforeEach
    void subscribe() throws Exception {
        redis = RedisConnection.open(cluster.config());
        awaitOk(redis);
        channels = new RedisChannels(redis);
        subscription = channels.subscribe(CHANNEL, message -> received.add(text(message)));
        get(subscription.ready());
    }

    @AfterEach
    void close() {
        channels.close();
        redis.close();
    }

    @Test
    @Order(1)
    void channelsOfAllNodesWork() throws Exception {
        for (int i = 0; i < 12; i++) {
            get(
                    channels.subscribe("{node:x" + i + "}", message -> received.add(text(message)))
                            .ready());
        }
        for (int i = 0; i < 12; i++) {
            get(channels.publish("{node:x" + i + "}", bytes("m")));
        }
        await().until(() -> received.size() == 12);
    }

    @Test
    @Order(2)
    void theSubscriptionFollowsASlotThatMoves() throws Exception {
        EmbeddedRedis from = cluster.servers().ownerOf(CHANNEL);
        EmbeddedRedis to =
                cluster.servers().nodes().subList(0, 3).stream()
                        .filter(node -> node != from)
                        .findFirst()
                        .orElseThrow();
        String slot = Integer.toString(SlotHash.getSlot(CHANNEL));
        String toId = call(to, "CLUSTER", "MYID");
        call(to, "CLUSTER", "SETSLOT", slot, "IMPORTING", call(from, "CLUSTER", "MYID"));
        call(from, "CLUSTER", "SETSLOT", slot, "MIGRATING", toId);
        call(to, "CLUSTER", "SETSLOT", slot, "NODE", toId);
        call(from, "CLUSTER", "SETSLOT", slot, "NODE", toId);

        awaitDelivery();
        assertThat(cluster.servers().ownerOf(CHANNEL)).isSameAs(to);
        await().untilAsserted(
                        () -> assertThat(redis.counters().subscriptionsLost.sum()).isPositive());
        awaitOneSubscriberOn(to);
    }

    @Test
    @Order(3)
    void theSubscriptionFollowsAFailoverByCommand() throws Exception {
        EmbeddedRedis primary = cluster.servers().ownerOf(CHANNEL);
        EmbeddedRedis replica = replicaOf(primary);
        call(replica, "CLUSTER", "FAILOVER");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> call(replica, "ROLE").startsWith("[master"));

        await().atMost(Duration.ofSeconds(10)).until(() -> subscribersOn(replica) == 1);
        awaitDelivery();
        // The old primary is a replica now: who stayed there would get every message twice after
        // the next failover.
        await().atMost(Duration.ofSeconds(10)).until(() -> subscribersOn(primary) == 0);
    }

    @Test
    @Order(4)
    void theSubscriptionFollowsAfterThePrimaryWasKilled() throws Exception {
        EmbeddedRedis primary = cluster.servers().ownerOf(CHANNEL);
        EmbeddedRedis replica = replicaOf(primary);
        primary.kill();
        await().until(() -> !subscription.isActive());

        await().atMost(Duration.ofSeconds(20)).until(() -> subscribersOn(replica) == 1);
        awaitDelivery();
        awaitOk(redis);
    }

    /** At most once: a message may be lost, or refused, until everybody has followed. */
    private void awaitDelivery() {
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(
                        () -> {
                            String message = "m" + sent.incrementAndGet();
                            get(channels.publish(CHANNEL, bytes(message)));
                            await().atMost(Duration.ofMillis(300))
                                    .until(() -> received.contains(message));
                            return subscription.isActive();
                        });
    }

    private void awaitOneSubscriberOn(EmbeddedRedis node) {
        await().atMost(Duration.ofSeconds(10)).until(() -> subscribersOn(node) == 1);
    }

    private static long subscribersOn(EmbeddedRedis node) throws IOException {
        try (RedisWire wire = RedisWire.connect(node.port())) {
            return wire.call("PUBSUB", "SHARDNUMSUB", CHANNEL) instanceof java.util.List<?> answer
                    ? (Long) answer.get(1)
                    : 0;
        }
    }

    /** The one that was the primary before may take a moment to say that it follows. */
    private static EmbeddedRedis replicaOf(EmbeddedRedis primary) {
        return await().atMost(Duration.ofSeconds(10))
                .until(() -> findReplicaOf(primary), Optional::isPresent)
                .orElseThrow();
    }

    private static Optional<EmbeddedRedis> findReplicaOf(EmbeddedRedis primary) throws IOException {
        String id = call(primary, "CLUSTER", "MYID");
        String replicas = call(primary, "CLUSTER", "REPLICAS", id);
        return cluster.servers().nodes().stream()
                .filter(node -> replicas.contains(":" + node.port() + "@"))
                .findFirst();
    }

    private static String call(EmbeddedRedis node, String... command) throws IOException {
        try (RedisWire wire = RedisWire.connect(node.port())) {
            return String.valueOf(wire.call(command));
        }
    }
}
