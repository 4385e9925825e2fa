package io.pushgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.pushgate.client.EventLoops;
import io.pushgate.client.MessageStore;
import io.pushgate.client.PushMessage;
import io.pushgate.mailbox.Groups;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.PushRequestCodec;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Target;
import io.pushgate.standalone.RoleKind;
import io.pushgate.standalone.SigningKeys.DeviceClaims;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A group that grows until it has a log, with devices that come in, leave, are away and come back,
 * on two nodes of which one goes, while pub/sub loses every third: who gets what is known by id.
 */
class GroupLogTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String GROUP = "tills";
    private static final int ABOVE = 10;
    private static final int FEW = 5;
    private static final int MANY = 40;
    private static final int BATCH = 10;
    private static final String RECALLED = "recalled";

    private final EventLoopGroup loops = EventLoops.create(1, "devices");
    private final Map<String, TestDevice> devices = new LinkedHashMap<>();

    /** What its app has processed outlives a client: not every ack is out when that closes. */
    private final Map<String, MessageStore> stores = new LinkedHashMap<>();

    /** What each is to get from its last connect on. */
    private final Map<String, List<String>> expected = new LinkedHashMap<>();

    private int published;

    @Test
    @Timeout(120)
    void eachMemberGetsWhatCameWhileItWasOneOnceAndInOrder() throws Exception {
        try (Cluster cluster =
                new ClusterSettings()
                        .with(RoleKind.ACCESS_SERVER, 2)
                        .set("purger.group-log-above", Integer.toString(ABOVE))
                        .set("access.logs.check", "200ms")
                        .hook(RoleKind.DISPATCHER, LossyBus::under)
                        .start()) {
            connect(cluster, members(0, FEW), Set.of(GROUP));
            connect(cluster, List.of("stranger", "api"), Set.of("other"));
            awaitConnected();
            publish(cluster, members(0, FEW)); // into inboxes
            awaitExpected();
            assertThat(appended(cluster)).isZero();

            connect(cluster, members(FEW, MANY), Set.of(GROUP));
            awaitConnected();
            publish(cluster, members(0, MANY)); // from here on through the log
            awaitExpected();
            assertThat(appended(cluster)).isEqualTo(BATCH);

            get(groups(cluster).join(cluster.device("api"), GROUP));
            close(members(0, FEW));
            publish(cluster, with(members(0, MANY), "api"));
            cluster.remove(cluster.members(RoleKind.ACCESS_SERVER).get(1)).close();
            publish(cluster, with(members(0, MANY), "api"));
            awaitExpected(with(members(FEW, MANY), "api"));
            recallOne(cluster, with(members(FEW, MANY), "api"));

            get(groups(cluster).leave(cluster.device("api"), GROUP));
            connect(cluster, members(0, FEW), Set.of(GROUP)); // from where they were
            awaitExpected();
            publish(cluster, members(0, MANY));
            awaitExpected();

            assertThat(device("stranger").messages()).isEmpty();
            devices.values().forEach(d -> assertThat(d.errors()).isEmpty());
            devices.values().forEach(d -> assertThat(d.resets()).isEmpty());
            assertThat(device(member(MANY - 1)).messages())
                    .extracting(PushMessage::log)
                    .containsOnly("g." + GROUP);
            assertReceipts(cluster);
        } finally {
            devices.values().forEach(TestDevice::close);
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    private void assertReceipts(Cluster cluster) {
        int logged = published - BATCH;
        await("one receipt each of those in the log")
                .atMost(PATIENCE)
                .until(() -> ofNoDevice(cluster).size() >= logged + 2);
        assertThat(ofNoDevice(cluster))
                .extracting(Receipt::status)
                .hasSize(logged + 2)
                .containsOnly(Receipt.Status.ACCEPTED, Receipt.Status.RECALLED);
    }

    private static List<Receipt> ofNoDevice(Cluster cluster) {
        return cluster.receipts().all().stream().filter(r -> r.device() == null).toList();
    }

    /** One that those get who are there. */
    private void recallOne(Cluster cluster, List<String> there) throws Exception {
        request(cluster, RECALLED);
        there.forEach(name -> expect(name, RECALLED));
        awaitExpected(there);
        assertThat(cluster.recall(RECALLED).fromLog()).isTrue();
    }

    private void publish(Cluster cluster, List<String> to) {
        for (int i = 0; i < BATCH; i++) {
            String id = "m" + published++;
            request(cluster, id);
            to.forEach(name -> expect(name, id));
        }
    }

    private void expect(String name, String id) {
        expected.computeIfAbsent(name, _ -> new ArrayList<>()).add(id);
    }

    private static void request(Cluster cluster, String id) {
        PushRequest request =
                PushRequest.of(
                                id,
                                Cluster.APP,
                                new Target.Group(GROUP, Set.of()),
                                "{}".getBytes(StandardCharsets.UTF_8))
                        .withReceipt();
        cluster.publish(GROUP, PushRequestCodec.encode(request));
    }

    private void connect(Cluster cluster, List<String> names, Set<String> groups) {
        List<URI> urls =
                cluster.members(RoleKind.ACCESS_SERVER).stream()
                        .map(node -> URI.create(node.url()))
                        .toList();
        for (String name : names) {
            MessageStore store = stores.computeIfAbsent(name, _ -> MessageStore.inMemory());
            String token = cluster.token(new DeviceClaims(Cluster.APP, name, null, "pos", groups));
            devices.put(
                    name,
                    TestDevice.connect(
                            cluster.access().url(),
                            token,
                            b ->
                                    b.store(store)
                                            .urls(urls)
                                            .eventLoopGroup(loops)
                                            .backoff(
                                                    Duration.ofMillis(50), Duration.ofSeconds(1))));
        }
    }

    private TestDevice device(String name) {
        return Objects.requireNonNull(devices.get(name), name);
    }

    /** Each acks and goes; what it got until then is not expected again. */
    private void close(List<String> names) {
        for (String name : names) {
            device(name).client().closeAsync().join();
            expected.remove(name);
        }
    }

    private void awaitConnected() {
        await("connected")
                .atMost(PATIENCE)
                .until(() -> devices.values().stream().allMatch(TestDevice::isConnected));
    }

    private void awaitExpected() {
        awaitExpected(List.copyOf(expected.keySet()));
    }

    private void awaitExpected(List<String> names) {
        await("what each is to get")
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            for (String name : names) {
                                assertThat(device(name).ids())
                                        .as(name)
                                        .isEqualTo(expected.get(name));
                            }
                        });
    }

    private static List<String> members(int from, int to) {
        return Stream.iterate(from, i -> i < to, i -> i + 1).map(GroupLogTest::member).toList();
    }

    private static String member(int i) {
        return "till-" + i;
    }

    private static List<String> with(List<String> names, String one) {
        return Stream.concat(names.stream(), Stream.of(one)).toList();
    }

    private static Groups groups(Cluster cluster) {
        return cluster.access().context().mailbox().groups();
    }

    private static double appended(Cluster cluster) {
        return cluster.count(RoleKind.PURGER, "pushgate.purger.broadcasts", "outcome", "accepted");
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
