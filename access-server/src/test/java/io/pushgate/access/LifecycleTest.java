package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.access.auth.Keys;
import io.pushgate.mailbox.NodeLease;
import io.pushgate.mailbox.OutboxReceipt;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.ReceiptCodec;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.ServerFrame;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.kafka.KafkaTopics;
import io.pushgate.testkit.LeakCheck;
import io.pushgate.testkit.TestKafka;
import io.pushgate.testkit.TestRedis;
import io.pushgate.testkit.TopicReader;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Going down, and what Redis and Kafka see of a node. */
@ExtendWith(LeakCheck.class)
class LifecycleTest {
    private final DeviceKey device = new DeviceKey("shop", "life-" + System.nanoTime());

    @Test
    void drainsWithinItsDeadline() throws Exception {
        AccessNode node = AccessNode.start(Map.of("goaway-spread", "500ms"));
        List<RawClient> clients = new ArrayList<>();
        try (node) {
            for (int i = 0; i < 20; i++) {
                clients.add(node.open(new DeviceKey("shop", device.device() + i)));
            }
            RawClient acking = clients.getFirst();
            DeviceKey ackingDevice = new DeviceKey("shop", device.device() + 0);
            node.push(ackingDevice, "m");
            acking.ack(acking.nextPush().position());

            CompletableFuture<Void> drained = drain(node, Duration.ofSeconds(10));
            for (RawClient client : clients) {
                assertThat(client.next())
                        .isInstanceOfSatisfying(
                                ServerFrame.Goaway.class,
                                goaway -> assertThat(goaway.after()).isLessThan(500));
            }
            assertThat(node.server.health().isReady()).isFalse();
            for (RawClient client : clients) {
                assertThat(client.closeCodes()).containsExactly(1012);
            }
            AccessNode.get(drained);
            for (int i = 0; i < 20; i++) {
                assertThat(node.route(new DeviceKey("shop", device.device() + i))).isEmpty();
            }
            assertThat(AccessNode.get(node.mailbox.status(ackingDevice)).backlog()).isZero();
            assertThat(AccessNode.get(node.leases.live()))
                    .extracting(NodeLease::id)
                    .doesNotContain(node.id);
            Assertions.assertThatThrownBy(() -> node.open(device))
                    .isInstanceOf(ConnectException.class);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void showsHowItIsInMeters() throws Exception {
        try (AccessNode node = AccessNode.start(Map.of("lease-ttl", "5s"));
                RawClient _ = node.open(device)) {
            assertThat(node.meters.get("pushgate.access.lease.left.seconds").gauge().value())
                    .isBetween(0.0, 5.0);
            assertThat(node.meters.get("pushgate.access.connections.limit").gauge().value())
                    .isPositive();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(
                            () -> node.meters.get("pushgate.access.loop.delay").timer().count(),
                            ticks -> ticks > 0);
        }
    }

    @Test
    void cutsWhoeverIsLeftAtTheDeadline() throws Exception {
        try (AccessNode node = AccessNode.start(Map.of("goaway-spread", "1m"));
                RawClient client = node.open(device)) {
            CompletableFuture<Void> drained = drain(node, Duration.ofMillis(1_500));
            client.await(frame -> frame instanceof ServerFrame.Goaway);
            assertThat(client.closeCodes()).isSubsetOf(1001, 1012).hasSize(1);
            AccessNode.get(drained);
            assertThat(node.route(device)).isEmpty();
        }
    }

    @Test
    void drainsWithinItsDeadlineWithoutRedis() throws Exception {
        try (TestRedis redis = TestRedis.start();
                AccessNode node =
                        AccessNode.start(
                                redis.config(),
                                AccessNode.noKafka(),
                                Map.of("goaway-spread", "200ms"));
                RawClient client = node.open(device)) {
            node.push(device, "m");
            ServerFrame.Push push = client.nextPush();
            redis.stop();
            client.ack(push.position());
            long began = System.nanoTime();
            AccessNode.get(drain(node, Duration.ofSeconds(4)));
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(Duration.ofMillis(4_500));
        }
    }

    private static CompletableFuture<Void> drain(AccessNode node, Duration most) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        node.server.drain(Deadline.in(most, Ticker.system()));
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    @Test
    void showsItsLease() throws Exception {
        try (AccessNode node =
                        AccessNode.start(Map.of("region", "north", "address", "a.example:443"));
                RawClient client = node.open(device)) {
            NodeLease lease =
                    AccessNode.get(node.leases.live()).stream()
                            .filter(found -> found.id().equals(node.id))
                            .findFirst()
                            .orElseThrow();
            assertThat(lease.address()).isEqualTo("a.example:443");
            assertThat(lease.region()).isEqualTo("north");
            assertThat(client).isNotNull();
        }
    }

    @Test
    void aSessionTakenForDeadRegistersAgain() throws Exception {
        try (AccessNode node = AccessNode.start(Map.of());
                RawClient client = node.open(device)) {
            node.push(device, "a");
            ServerFrame.Push a = client.nextPush();
            Route first = node.route(device).orElseThrow();
            AccessNode.get(node.mailbox.unregister(device, first));
            node.offer(device, "b"); // goes nowhere: the device counts as offline
            client.ack(a.position());
            assertThat(client.nextPush().id()).isEqualTo("b");
            assertThat(node.route(device).orElseThrow().isNewerThan(first)).isTrue();
        }
    }

    @Test
    void findsASessionThatGotLostThoughNothingHappens() throws Exception {
        try (AccessNode node = AccessNode.start(Map.of("verify-every", "1s"));
                RawClient client = node.open(device)) {
            Route first = node.route(device).orElseThrow();
            // Before the session is lost: it may be found before another offer would be made,
            // and no dispatcher is here to deliver that.
            node.offer(device, "a");
            AccessNode.get(node.mailbox.unregister(device, first));
            assertThat(client.nextPush().id()).isEqualTo("a");
            assertThat(node.route(device).orElseThrow().isNewerThan(first)).isTrue();
        }
    }

    @Test
    void outlivesRedis() throws Exception {
        try (TestRedis redis = TestRedis.start();
                AccessNode node =
                        AccessNode.start(
                                redis.config(), AccessNode.noKafka(), Map.of("lease-ttl", "1s"));
                RawClient client = node.open(device)) {
            node.push(device, "a");
            ServerFrame.Push a = client.nextPush();
            redis.stop();
            client.ack(a.position());
            Awaitility.await()
                    .atMost(Duration.ofSeconds(15))
                    .until(() -> !node.server.health().isReady());
            client.send("{\"t\":\"ping\"}");
            assertThat(client.next()).isEqualTo(new ServerFrame.Pong());
            try (RawClient refused = RawClient.open(node.port(), Keys.token("shop", "other"))) {
                assertThat(refused.closeCodes()).containsExactly(1012);
            }

            redis.restart(); // empty: what it knew of the session is lost as well
            node.awaitReady();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(15))
                    .untilAsserted(() -> assertThat(node.route(device)).isPresent());
            // Refused once, as what was offered before may be gone.
            Awaitility.await().ignoreExceptions().untilAsserted(() -> node.push(device, "b"));
            assertThat(client.nextPush().id()).isEqualTo("b");
        }
    }

    /** Too quick for its lease to run out, so only the other data tells. */
    @Test
    void registersItsSessionsAgainWhenRedisComesBackEmpty() throws Exception {
        try (TestRedis redis = TestRedis.start();
                AccessNode node =
                        AccessNode.start(
                                redis.config(), AccessNode.noKafka(), Map.of("lease-ttl", "60s"));
                RawClient client = node.open(device)) {
            redis.restart();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(15))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(node.route(device)).isPresent());
            node.push(device, "after");
            assertThat(client.nextPush().id()).isEqualTo("after");
        }
    }

    @Test
    void turnsUnreadyWhenItsSubscriptionStarves() throws Exception {
        try (TestRedis redis = TestRedis.start();
                AccessNode node =
                        AccessNode.start(redis.config(), AccessNode.noKafka(), Map.of())) {
            // Commands go on, but nothing comes in on a channel any more.
            redis.command("ACL", "SETUSER", "default", "resetchannels");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(
                            () ->
                                    node.server.health().checks().stream()
                                            .anyMatch(
                                                    check ->
                                                            check.name().equals("node-channel")
                                                                    && !check.ok()));
            redis.command("ACL", "SETUSER", "default", "allchannels");
            node.awaitReady();
        }
    }

    @Test
    void publishesReceiptsOfWhatWasAcked() throws Exception {
        TestKafka kafka = TestKafka.shared();
        KafkaTopics.ensure(kafka.config(1), Map.of(Topics.RECEIPTS, Map.of()));
        try (TopicReader receipts = TopicReader.fromEnd(kafka.bootstrapServers(), Topics.RECEIPTS);
                AccessNode node =
                        AccessNode.start(TestRedis.shared().config(), kafka.config(1), Map.of())) {
            String id = "receipt-" + System.nanoTime();
            node.offer(device, id, "1".getBytes(UTF_8), true);
            try (RawClient client = node.open(device)) {
                client.ack(client.nextPush().position());
                List<ConsumerRecord<byte[], byte[]>> seen =
                        receipts.await("the receipt", records -> !records.isEmpty());
                Receipt receipt = ReceiptCodec.decode(seen.getFirst().value());
                assertThat(receipt.id()).isEqualTo(id);
                assertThat(receipt.status()).isEqualTo(Receipt.Status.DELIVERED);
                assertThat(new String(seen.getFirst().key(), UTF_8)).isEqualTo(id);
            }
            Awaitility.await().untilAsserted(() -> assertThat(unconfirmed(node, id)).isEmpty());
        }
    }

    private static List<OutboxReceipt> unconfirmed(AccessNode node, String id) throws Exception {
        List<OutboxReceipt> all = new ArrayList<>();
        for (int shard = 0; shard < node.mailbox.shards(); shard++) {
            all.addAll(AccessNode.get(node.mailbox.pending(shard, Duration.ZERO, 100)));
        }
        all.removeIf(entry -> !entry.receipt().id().equals(id));
        return all;
    }
}
