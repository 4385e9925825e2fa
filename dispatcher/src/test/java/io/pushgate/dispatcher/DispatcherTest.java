package io.pushgate.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.protocol.CloseReason;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.NodeMessageCodec;
import io.pushgate.protocol.Priority;
import io.pushgate.protocol.Route;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Ticker;
import io.pushgate.testkit.TestKafka;
import io.pushgate.testkit.TestRedis;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The dispatcher between real Kafka and real Redis, with access nodes that only listen. */
class DispatcherTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Rig rig;

    @BeforeEach
    void setUp() throws Exception {
        rig = new Rig(TestRedis.shared().uri(), TestKafka.shared().bootstrapServers());
    }

    @AfterEach
    void tearDown() {
        rig.close();
    }

    @Test
    void publishesInOrderAndInBatches() throws Exception {
        try (FakeNode a = rig.node();
                FakeNode b = rig.node()) {
            rig.lease(a);
            rig.lease(b);
            List<String> toA = new ArrayList<>();
            List<String> toB = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                FakeNode node = i % 2 == 0 ? a : b;
                (i % 2 == 0 ? toA : toB).add("m" + i);
                rig.send(rig.push("one-of-" + node.id(), new Route(node.id(), 1), "m" + i, 10));
            }
            rig.sendRaw("no delivery at all".getBytes(UTF_8));
            rig.flush();
            try (Dispatcher dispatcher = rig.dispatcher()) {
                await("all").atMost(PATIENCE).until(() -> a.ids().size() + b.ids().size() >= 1000);
                assertThat(a.ids()).containsExactlyElementsOf(toA);
                assertThat(b.ids()).containsExactlyElementsOf(toB);
                assertThat(a.batches().size() + b.batches().size()).isLessThan(100);
                assertThat(a.batches().getFirst().deliveries().getFirst().times().dispatchedAt())
                        .isPositive();
                await("the malformed one")
                        .until(
                                () ->
                                        rig.count(DispatcherMeters.DROPPED, "reason", "malformed")
                                                == 1);
                await("every lane").until(() -> dispatcher.health().isReady());
                dispatcher.drain(Deadline.in(Duration.ofSeconds(5), Ticker.system()));
            }
            assertThat(rig.count(DispatcherMeters.TAKEN)).isEqualTo(1001);
            assertThat(rig.count(DispatcherMeters.PUBLISHED)).isEqualTo(1000);
        }
    }

    @Test
    void publishesBroadcastsToEveryNodeInOrder() throws Exception {
        try (FakeNode a = rig.node();
                FakeNode b = rig.node();
                FakeNode gone = rig.node()) {
            rig.lease(a);
            rig.lease(b);
            try (Dispatcher dispatcher = rig.dispatcher()) {
                await("the nodes are known")
                        .atMost(PATIENCE)
                        .until(
                                () -> {
                                    rig.send(rig.broadcast("warm-up", 1));
                                    return !a.broadcasts().isEmpty() && !b.broadcasts().isEmpty();
                                });
                List<String> ids = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    ids.add("b" + i);
                    rig.send(rig.broadcast("b" + i, 50_000));
                }
                rig.flush();
                for (FakeNode node : List.of(a, b)) {
                    await(node.id())
                            .atMost(PATIENCE)
                            .untilAsserted(
                                    () ->
                                            assertThat(node.broadcasts())
                                                    .extracting(x -> x.message().id())
                                                    .filteredOn(id -> id.startsWith("b"))
                                                    .isEqualTo(ids));
                }
                assertThat(gone.broadcasts()).as("without a lease").isEmpty();
                dispatcher.drain(Deadline.in(Duration.ofSeconds(5), Ticker.system()));
            }
            assertThat(rig.count(DispatcherMeters.TAKEN))
                    .isEqualTo(rig.count(DispatcherMeters.BROADCASTS));
        }
    }

    @Test
    void keepsTheLanesApartUpToTheNode() throws Exception {
        try (FakeNode node = rig.node();
                Dispatcher _ = rig.dispatcher()) {
            rig.lease(node);
            for (Priority lane : Priority.values()) {
                rig.send(lane, rig.push("d", new Route(node.id(), 1), lane.wireName(), 10));
            }
            await("all lanes").atMost(PATIENCE).until(() -> node.ids().size() == 3);
            assertThat(node.batches())
                    .allSatisfy(
                            batch ->
                                    assertThat(batch.deliveries())
                                            .extracting(
                                                    timed ->
                                                            ((Delivery.Push) timed.delivery())
                                                                    .message()
                                                                    .id())
                                            .containsOnly(batch.lane().wireName()));
        }
    }

    @Test
    void splitsLargeBatches() throws Exception {
        try (FakeNode node = rig.node()) {
            rig.lease(node);
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                ids.add("m" + i);
                rig.send(rig.push("d", new Route(node.id(), 1), "m" + i, 64 * 1024));
            }
            rig.flush();
            try (Dispatcher dispatcher = rig.dispatcher()) {
                await("all").atMost(PATIENCE).until(() -> node.ids().size() >= 64);
                assertThat(node.ids()).containsExactlyElementsOf(ids);
                assertThat(node.batches())
                        .allMatch(b -> NodeMessageCodec.encode(b).length <= 512 * 1024);
            }
        }
    }

    @Test
    void redeliversABounceWhereTheDeviceIsNow() throws Exception {
        try (FakeNode before = rig.node();
                FakeNode after = rig.node();
                Dispatcher dispatcher = rig.dispatcher()) {
            rig.lease(before);
            rig.lease(after);
            Route stale = rig.register("d", before);
            rig.send(rig.push("d", stale, "first", 10));
            await("the first").atMost(PATIENCE).until(() -> before.ids().contains("first"));
            // The purger read the old route, then the device moved.
            before.lose(rig.device("d"));
            Route current = rig.register("d", after);
            long start = System.nanoTime();
            rig.send(rig.push("d", stale, "second", 10));
            await("redelivery").until(() -> !after.deliveries().isEmpty());
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(1));
            assertThat(after.deliveries())
                    .containsExactly(new Delivery.Redeliver(rig.device("d"), current, 0));

            // The stale route of a later record no longer matters: the newer one is remembered.
            rig.send(rig.push("d", stale, "third", 10));
            await("the third").until(() -> after.ids().contains("third"));
            assertThat(before.ids()).containsExactly("first", "second");
            assertThat(after.deliveries().getLast().route()).isEqualTo(current);
            // But a disconnect means the session it names.
            Delivery cut = new Delivery.Disconnect(rig.device("d"), stale, CloseReason.TOO_SLOW);
            rig.send(cut);
            await("the cut").until(() -> before.deliveries().contains(cut));
            assertThat(after.deliveries()).doesNotContain(cut);
        }
    }

    @Test
    void unregistersASessionThatItsNodeDoesNotKnow() throws Exception {
        try (FakeNode node = rig.node();
                Dispatcher dispatcher = rig.dispatcher()) {
            rig.lease(node);
            Route route = rig.register("d", node);
            Route other = rig.register("e", node);
            node.lose(rig.device("d"));
            rig.send(rig.push("d", route, "m", 10));
            rig.send(rig.push("e", other, "n", 10));
            await("no session").atMost(PATIENCE).until(() -> routeOf("d").isEmpty());
            // Asked once more before it was given up.
            assertThat(node.deliveries().stream().filter(d -> d.device().device().equals("d")))
                    .hasSize(2);
            assertThat(routeOf("e")).contains(other);
            await("counted")
                    .until(
                            () ->
                                    rig.count(DispatcherMeters.BOUNCES, "outcome", "unregistered")
                                            == 1);
            assertThat(rig.count(DispatcherMeters.BOUNCES, "outcome", "asked_again")).isEqualTo(1);
        }
    }

    @Test
    void dropsWhatIsForADeadNode() throws Exception {
        try (FakeNode dead = rig.node();
                FakeNode live = rig.node();
                Dispatcher dispatcher = rig.dispatcher()) {
            rig.lease(live);
            int sent = 0;
            while (rig.count(DispatcherMeters.DROPPED, "reason", "dead_node") < 3) {
                // Until enough refreshes without a lease have passed it is given the benefit of the
                // doubt; each round trip through the live node takes a while too.
                sent++;
                rig.send(rig.push("d", new Route(dead.id(), 1), "dead-" + sent, 10));
                String id = "live-" + sent;
                rig.send(rig.push("e", new Route(live.id(), 1), id, 10));
                await(id).atMost(PATIENCE).until(() -> live.ids().contains(id));
                assertThat(sent).isLessThan(1000);
            }
            int total = sent;
            await("balance")
                    .until(
                            () ->
                                    rig.count(DispatcherMeters.TAKEN)
                                            == rig.count(DispatcherMeters.PUBLISHED)
                                                    + rig.count(
                                                            DispatcherMeters.DROPPED,
                                                            "reason",
                                                            "dead_node"));
            assertThat(rig.count(DispatcherMeters.TAKEN)).isEqualTo(2 * total);
            assertThat(live.ids()).hasSize(total);
        }
    }

    @Test
    void publishesWhenRedisIsBack() throws Exception {
        try (TestRedis own = TestRedis.start();
                Rig away = new Rig(own.uri(), TestKafka.shared().bootstrapServers());
                FakeNode node = away.node();
                Dispatcher dispatcher = away.dispatcher()) {
            away.lease(node);
            away.send(away.push("d", new Route(node.id(), 1), "before", 10));
            await("the first").atMost(PATIENCE).until(() -> node.ids().contains("before"));
            own.stop();
            for (int i = 0; i < 100; i++) {
                away.send(away.push("d", new Route(node.id(), 1), "m" + i, 10));
            }
            await("retries")
                    .atMost(PATIENCE)
                    .until(() -> away.count(DispatcherMeters.RETRIES) >= 3);
            await("unhealthy").atMost(PATIENCE).until(() -> !dispatcher.health().isReady());
            own.restart();
            // A subscription that comes back late misses what was published before: that is Redis'
            // way, and the inbox's to heal. Here only: nothing stays stuck.
            await("all published")
                    .atMost(PATIENCE)
                    .until(() -> away.count(DispatcherMeters.PUBLISHED) >= 101);
            assertThat(away.count(DispatcherMeters.DROPPED, "reason", "dead_node")).isZero();
        }
    }

    private Optional<Route> routeOf(String device) throws Exception {
        return rig.mailbox.route(rig.device(device)).toCompletableFuture().get(5, TimeUnit.SECONDS);
    }
}
