package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.access.auth.Keys;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.NodeMessage;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.ServerFrame;
import io.pushgate.protocol.StageTimes;
import io.pushgate.runtime.redis.Subscription;
import io.pushgate.testkit.LeakCheck;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Messages on their way through a real Redis and real sockets. */
@ParameterizedClass
@EnumSource(
        value = AccessConfig.Transport.class,
        names = {"NIO", "EPOLL"})
@ExtendWith(LeakCheck.class)
class DeliveryTest {
    private final DeviceKey device = new DeviceKey("shop", "dev-" + System.nanoTime());
    private final String transport;
    private final AccessNode node;

    DeliveryTest(AccessConfig.Transport transport) throws Exception {
        this.transport = transport.name().toLowerCase(Locale.ROOT);
        this.node = AccessNode.start(Map.of("transport", this.transport));
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void replaysThenDeliversThenTrims() throws Exception {
        for (int i = 0; i < 100; i++) {
            node.offer(device, "m" + i);
        }
        try (RawClient client = node.open(device)) {
            for (int i = 0; i < 100; i++) {
                ServerFrame.Push push = client.nextPush();
                assertThat(push.id()).isEqualTo("m" + i);
                client.ack(push.position());
            }
            for (int i = 100; i < 200; i++) {
                node.push(device, "m" + i);
                ServerFrame.Push push = client.nextPush();
                assertThat(push.id()).isEqualTo("m" + i);
                assertThat(push.again()).isFalse();
                client.ack(push.position());
            }
            awaitBacklog(0);
        }
        Awaitility.await().untilAsserted(() -> assertThat(node.route(device)).isEmpty());
    }

    @Test
    void lostDeliveriesAreHealedByTheGapFetch() throws Exception {
        try (RawClient client = node.open(device)) {
            int count = 300;
            for (int i = 0; i < count; i++) {
                if (i % 3 == 1) {
                    node.offer(device, "m" + i); // the channel lost it
                } else {
                    node.push(device, "m" + i);
                }
            }
            node.push(device, "m" + count);
            for (int i = 0; i <= count; i++) {
                ServerFrame.Push push = client.nextPush();
                assertThat(push.id()).isEqualTo("m" + i);
                assertThat(push.again()).isFalse();
                client.ack(push.position());
            }
            awaitBacklog(0);
        }
        assertThat(node.count(AccessMeters.FETCHES, "reason", "gap")).isPositive();
        assertThat(node.count(AccessMeters.REDELIVERED)).isZero();
    }

    @Test
    void theWindowHoldsAndLargeMessagesPass() throws Exception {
        byte[] large = text(64 * 1024);
        try (RawClient client = node.open(device)) {
            for (int i = 0; i < 150; i++) {
                node.push(device, "m" + i, i % 10 == 0 ? large : "[1]".getBytes(UTF_8));
            }
            List<ServerFrame.Push> got = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                got.add(client.nextPush());
            }
            client.send("{\"t\":\"ping\"}");
            assertThat(client.next()).isEqualTo(new ServerFrame.Pong()); // and no 65th push
            client.ack(got.getLast().position());
            while (got.size() < 150) {
                got.add(client.nextPush());
                client.ack(got.getLast().position());
            }
            for (int i = 0; i < 150; i++) {
                assertThat(got.get(i).id()).isEqualTo("m" + i);
                assertThat(got.get(i).data().length()).isEqualTo(i % 10 == 0 ? large.length : 3);
            }
        }
    }

    @Test
    void aRedeliverySendsAgainWhatIsUnacked() throws Exception {
        try (RawClient client = node.open(device)) {
            node.push(device, "a");
            node.push(device, "b");
            Position a = client.nextPush().position();
            assertThat(client.nextPush().id()).isEqualTo("b");
            client.ack(a);
            Route route = node.route(device).orElseThrow();
            node.deliver(node.id, new Delivery.Redeliver(device, route, 1));
            ServerFrame.Push again = client.nextPush();
            assertThat(again.id()).isEqualTo("b");
            assertThat(again.again()).isTrue();
        }
        assertThat(node.count(AccessMeters.REDELIVERED, "attempt", "1")).isEqualTo(1);
    }

    @Test
    void resumesAfterTheLastProcessedMessage() throws Exception {
        node.offer(device, "a");
        node.offer(device, "b");
        node.offer(device, "c");
        String token = Keys.token("shop", device.device());
        try (RawClient client = RawClient.open(node.port(), token, 0, "&last=b")) {
            assertThat(client.nextPush().id()).isEqualTo("c");
            awaitBacklog(1);
        }
    }

    @Test
    void bouncesWhatItDoesNotHold() throws Exception {
        LinkedBlockingQueue<NodeMessage.Bounce> bounces = new LinkedBlockingQueue<>();
        String replyTo = "bounce-" + System.nanoTime();
        try (Subscription replies = node.bus.subscribeReplies(replyTo, bounces::add)) {
            AccessNode.get(replies.ready());
            Route stale = new Route(node.id, 7);
            NodeMessage.Batch batch =
                    new NodeMessage.Batch(
                            replyTo,
                            List.of(
                                    new NodeMessage.Timed(
                                            new Delivery.Push(
                                                    device,
                                                    stale,
                                                    new Position(5, 0),
                                                    Position.NONE,
                                                    new Message(
                                                            "m",
                                                            1,
                                                            Long.MAX_VALUE,
                                                            false,
                                                            false,
                                                            "1".getBytes(UTF_8))),
                                            StageTimes.NONE)));
            AccessNode.get(node.bus.publish(node.id, batch));
            assertThat(bounces.poll(10, TimeUnit.SECONDS))
                    .isEqualTo(
                            new NodeMessage.Bounce(
                                    node.id, List.of(new NodeMessage.Missed(device, stale))));
        }
    }

    @Test
    void theNewestSessionOfANodeWins() throws Exception {
        try (RawClient first = node.open(device);
                RawClient second = node.open(device)) {
            assertThat(first.closeCodes()).containsExactly(4409);
            node.push(device, "m");
            assertThat(second.nextPush().id()).isEqualTo("m");
            assertThat(node.route(device)).isPresent();
        }
    }

    @Test
    void theNewestSessionOfAllNodesWins() throws Exception {
        try (AccessNode other = AccessNode.start(Map.of("transport", transport));
                RawClient first = node.open(device)) {
            node.push(device, "a");
            assertThat(first.nextPush().id()).isEqualTo("a"); // and is not acked
            try (RawClient second = other.open(device)) {
                assertThat(first.closeCodes()).containsExactly(4409);
                other.push(device, "b");
                assertThat(second.nextPush().id()).isEqualTo("a");
                assertThat(second.nextPush().id()).isEqualTo("b");
                assertThat(node.route(device).orElseThrow().node()).isEqualTo(other.id);
            }
        }
    }

    @Test
    void manyConnectsOfOneDeviceLeaveOneSession() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        List<Future<List<Integer>>> ends = new ArrayList<>();
        Queue<String> pushed = new ConcurrentLinkedQueue<>();
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                String token = Keys.token("shop", device.device());
                for (int i = 0; i < 50; i++) {
                    RawClient client = RawClient.open(node.port(), token);
                    clients.add(client);
                    ends.add(readers.submit(() -> client.closeCodes(frame -> note(frame, pushed))));
                }
                // Redis says which is the newest: registrations of different loops may overtake.
                Awaitility.await().until(() -> ends.stream().filter(Future::isDone).count() == 49);
                for (Future<List<Integer>> end : ends) {
                    if (end.isDone()) {
                        assertThat(end.get()).containsExactly(4409);
                    }
                }
                assertThat(node.route(device)).isPresent();
                node.push(device, "m");
                Awaitility.await().until(() -> !pushed.isEmpty());
            } finally {
                for (RawClient client : clients) {
                    client.close();
                }
            }
        }
        assertThat(pushed).containsExactly("m");
    }

    private static void note(ServerFrame frame, Queue<String> pushed) {
        if (frame instanceof ServerFrame.Push push) {
            pushed.add(push.id());
        }
    }

    @Test
    void aDeviceThatNeverReadsIsCutInBoundedMemory() throws Exception {
        byte[] large = text(64 * 1024);
        try (AccessNode strict =
                        AccessNode.start(
                                Map.of(
                                        "transport", transport,
                                        "limits.slow-after", "700ms",
                                        "limits.send-buffer", "16384"));
                RawClient client =
                        RawClient.open(
                                strict.port(), Keys.token("shop", device.device()), 4_096, "")) {
            Awaitility.await().until(() -> strict.route(device).isPresent());
            for (int i = 0; i < 200; i++) {
                strict.push(device, "m" + i, large);
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    strict.count(
                                                            AccessMeters.CLOSES,
                                                            "reason",
                                                            "too_slow"))
                                            .isEqualTo(1));
            // 200 messages of 64 KiB were for it; a few went into buffers, the rest stayed in
            // Redis.
            assertThat(strict.count(AccessMeters.SENT)).isLessThan(60);
            Awaitility.await().untilAsserted(() -> assertThat(strict.route(device)).isEmpty());
            awaitBacklog(200);
            assertThat(client).isNotNull();
        }
    }

    /** A JSON string of so many bytes. */
    private static byte[] text(int bytes) {
        byte[] json = new byte[bytes];
        Arrays.fill(json, (byte) 'x');
        json[0] = '"';
        json[bytes - 1] = '"';
        return json;
    }

    private void awaitBacklog(long expected) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () ->
                                assertThat(AccessNode.get(node.mailbox.status(device)).backlog())
                                        .isEqualTo(expected));
    }
}
