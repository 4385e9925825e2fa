package io.pushgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.pushgate.client.EventLoops;
import io.pushgate.client.FileMessageStore;
import io.pushgate.client.PushMessage;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.PushRequestCodec;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Target;
import io.pushgate.standalone.RoleKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Broadcasts to 300 devices on two nodes, of which one goes and another comes, while pub/sub loses
 * every third; some devices are away for as long as the log reaches back, some for longer.
 */
class BroadcastTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int DEVICES = 300;
    private static final int AWAY = 40;
    private static final int LONG_AWAY = 20;
    private static final int KEPT = 100;
    private static final String RECALLED = "b-recalled";
    private static final String EARLY = "b-early";

    private final EventLoopGroup loops = EventLoops.create(1, "devices");
    private final List<TestDevice> devices = new ArrayList<>();
    private final List<FileMessageStore> stores = new ArrayList<>();
    private final List<String> published = new ArrayList<>();

    @Test
    @Timeout(180)
    void eachDeviceGetsEachOnceAndInOrderOrIsToldThatItCannot(@TempDir Path folder)
            throws Exception {
        try (Cluster cluster =
                new ClusterSettings()
                        .with(RoleKind.ACCESS_SERVER, 2)
                        .set("access.logs.check", "200ms")
                        .set("mailbox.logs.cap", Integer.toString(KEPT))
                        .set("access.logs.tail-messages", Integer.toString(KEPT / 2))
                        .hook(RoleKind.DISPATCHER, LossyBus::under)
                        .start()) {
            for (int i = 0; i < AWAY + LONG_AWAY; i++) {
                stores.add(FileMessageStore.open(folder.resolve("pos-" + i)));
            }
            for (int i = 0; i < DEVICES; i++) {
                devices.add(connect(cluster, i));
            }
            awaitConnected(devices);
            publish(cluster, 30);
            awaitAll(devices);

            List<TestDevice> away = leave(AWAY + LONG_AWAY);
            int missedFrom = published.size();
            recallOne(cluster);
            publish(cluster, 30);
            Member gone = cluster.remove(cluster.members(RoleKind.ACCESS_SERVER).get(1));
            gone.close(); // its devices go to the other one, each from its cursor
            publish(cluster, 30);
            cluster.add(RoleKind.ACCESS_SERVER, Map.of());
            cluster.awaitReady();
            awaitAll(devices.subList(AWAY + LONG_AWAY, DEVICES));
            comeBack(cluster, LONG_AWAY, AWAY + LONG_AWAY);
            awaitLast(devices.subList(LONG_AWAY, AWAY + LONG_AWAY));

            publish(cluster, KEPT - 30);
            awaitAll(devices.subList(AWAY + LONG_AWAY, DEVICES));
            comeBack(cluster, 0, LONG_AWAY);
            awaitLast(devices);

            assertThat(away)
                    .allSatisfy(d -> assertThat(d.ids()).isEqualTo(published.subList(0, 30)));
            for (int i = 0; i < DEVICES; i++) {
                assertAccounted(i, missedFrom);
            }
            assertThat(cluster.count(RoleKind.ACCESS_SERVER, "pushgate.access.log.gaps"))
                    .as("some were lost on the way")
                    .isPositive();
            assertReceipts(cluster);
        } finally {
            devices.forEach(TestDevice::close);
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
            for (FileMessageStore store : stores) {
                store.close();
            }
        }
    }

    /** What the device got since it came back last, or ever. */
    private void assertAccounted(int device, int missedFrom) {
        TestDevice one = devices.get(device);
        List<String> withoutRecalled =
                published.stream().filter(id -> !id.equals(RECALLED)).toList();
        if (device < LONG_AWAY) {
            assertThat(one.resets()).containsExactly("all");
            assertThat(one.ids())
                    .isEqualTo(published.subList(published.size() - KEPT, published.size()));
        } else if (device < AWAY + LONG_AWAY) {
            assertThat(one.ids())
                    .isEqualTo(withoutRecalled.subList(missedFrom, withoutRecalled.size()));
        } else {
            assertThat(one.ids()).isEqualTo(published);
        }
        if (device >= LONG_AWAY) {
            assertThat(one.resets()).isEmpty();
        }
        assertThat(one.messages()).extracting(PushMessage::log).containsOnly("all");
        assertThat(one.errors()).isEmpty();
    }

    private void assertReceipts(Cluster cluster) {
        await("one receipt each, whatever the number of devices, and one of each recall")
                .atMost(PATIENCE)
                .until(() -> cluster.receipts().records().size() >= published.size() + 2);
        List<Receipt> receipts = cluster.receipts().all();
        assertThat(receipts).hasSize(published.size() + 2).allMatch(r -> r.device() == null);
        assertThat(receipts.stream().filter(r -> r.status() == Receipt.Status.ACCEPTED))
                .extracting(Receipt::id)
                .containsExactlyInAnyOrderElementsOf(published);
        assertThat(receipts.stream().filter(r -> r.status() != Receipt.Status.ACCEPTED))
                .extracting(Receipt::status, Receipt::id)
                .containsExactlyInAnyOrder(
                        tuple(Receipt.Status.RECALLED, RECALLED),
                        tuple(Receipt.Status.RECALLED, EARLY));
    }

    private TestDevice connect(Cluster cluster, int device) {
        List<Member> nodes = cluster.members(RoleKind.ACCESS_SERVER);
        List<URI> urls = nodes.stream().map(node -> URI.create(node.url())).toList();
        return cluster.client(
                nodes.getFirst(),
                "pos-" + device,
                b ->
                        (device < stores.size() ? b.store(stores.get(device)) : b)
                                .urls(urls)
                                .eventLoopGroup(loops)
                                .backoff(Duration.ofMillis(50), Duration.ofSeconds(1)));
    }

    /** The first so many go; they come back as new clients of the same store. */
    private List<TestDevice> leave(int count) {
        List<TestDevice> leaving = List.copyOf(devices.subList(0, count));
        CompletableFuture.allOf(
                        leaving.stream()
                                .map(device -> device.client().closeAsync())
                                .toArray(CompletableFuture[]::new))
                .join();
        return leaving;
    }

    private void comeBack(Cluster cluster, int from, int to) {
        for (int i = from; i < to; i++) {
            devices.set(i, connect(cluster, i));
        }
    }

    /** One that all get who are there, and none of the others; and one before it comes. */
    private void recallOne(Cluster cluster) throws Exception {
        publishOne(cluster, RECALLED);
        awaitAll(devices.subList(AWAY + LONG_AWAY, DEVICES));
        assertThat(cluster.recall(RECALLED).fromLog()).isTrue();
        assertThat(cluster.recall(EARLY).known()).isFalse();
        request(cluster, EARLY);
    }

    private void publish(Cluster cluster, int count) {
        for (int i = 0; i < count; i++) {
            publishOne(cluster, "b-" + published.size());
        }
    }

    private void publishOne(Cluster cluster, String id) {
        published.add(id);
        request(cluster, id);
    }

    private static void request(Cluster cluster, String id) {
        PushRequest request =
                PushRequest.of(
                                id,
                                Cluster.APP,
                                new Target.All(Set.of()),
                                "{}".getBytes(StandardCharsets.UTF_8))
                        .withReceipt();
        cluster.publish("all", PushRequestCodec.encode(request));
    }

    private static void awaitConnected(List<TestDevice> some) {
        await("connected")
                .atMost(PATIENCE)
                .until(() -> some.stream().allMatch(TestDevice::isConnected));
    }

    private void awaitAll(List<TestDevice> some) {
        await("everything")
                .atMost(PATIENCE)
                .until(() -> some.stream().allMatch(d -> d.received() >= published.size()));
    }

    /** Until each has the newest, which comes after all others. */
    private void awaitLast(List<TestDevice> some) {
        await("the last")
                .atMost(PATIENCE)
                .until(() -> some.stream().allMatch(d -> d.got(published.getLast())));
    }
}
