package io.pushgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.pushgate.client.EventLoops;
import io.pushgate.standalone.RoleKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Every process is restarted, one after the other, while messages go on. */
class RollingRestartTest {
    private static final Logger log = LoggerFactory.getLogger(RollingRestartTest.class);
    private static final int DEVICES = 300;
    private static final int RATE = 600;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final List<TestDevice> devices = new ArrayList<>();
    private final List<List<String>> published = new ArrayList<>();
    private final List<Member> nodes = new ArrayList<>();
    private volatile boolean publishing = true;

    @Test
    @Timeout(300)
    void nothingIsLostDoubledOrOutOfOrderAndLittleIsSentTwice() throws Exception {
        List<Integer> ports = List.of(freePort(), freePort());
        EventLoopGroup loops = EventLoops.create(2, "devices");
        ClusterSettings settings =
                new ClusterSettings()
                        .with(RoleKind.ACCESS_SERVER, 0)
                        .set("access.goaway-spread", "3s");
        try (Cluster cluster = settings.start()) {
            for (int port : ports) {
                start(cluster, port);
            }
            connect(cluster, loops);
            CompletableFuture<Void> publisher =
                    CompletableFuture.runAsync(() -> publish(cluster), Thread::startVirtualThread);
            await("some messages").until(() -> sent() > 0);
            for (RoleKind kind : List.of(RoleKind.PURGER, RoleKind.DISPATCHER, RoleKind.DELAYER)) {
                Member old = cluster.members(kind).getFirst();
                cluster.add(kind, Map.of());
                cluster.awaitReady();
                cluster.remove(old).drain();
            }
            for (int port : ports) {
                Member old =
                        cluster.members(RoleKind.ACCESS_SERVER).stream()
                                .filter(node -> node.url().contains(":" + port + "/"))
                                .findFirst()
                                .orElseThrow();
                cluster.remove(old).drain();
                start(cluster, port);
                await("everybody is back")
                        .atMost(PATIENCE)
                        .until(() -> devices.stream().allMatch(TestDevice::isConnected));
            }
            publishing = false;
            publisher.get(60, TimeUnit.SECONDS);
            everythingArrived();

            int total = published.stream().mapToInt(List::size).sum();
            double repeats = sent() - total;
            log.info("{} messages, {} sent once more, {} reconnects", total, repeats, reconnects());
            assertThat(reconnects()).as("everybody had to move").isGreaterThanOrEqualTo(DEVICES);
            assertThat(repeats).isBetween(0.0, total / 100.0);
            assertThat(cluster.count(RoleKind.DELAYER, "pushgate.delayer.exhausted")).isZero();
        } finally {
            publishing = false;
            devices.forEach(TestDevice::close);
            var _ = loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).await(10_000);
        }
    }

    private void start(Cluster cluster, int port) throws Exception {
        nodes.add(cluster.add(RoleKind.ACCESS_SERVER, Map.of("access.port", "" + port)));
        cluster.awaitReady();
    }

    private void connect(Cluster cluster, EventLoopGroup loops) {
        List<URI> urls = nodes.stream().map(node -> URI.create(node.url())).toList();
        for (int d = 0; d < DEVICES; d++) {
            published.add(new ArrayList<>());
            devices.add(
                    cluster.client(
                            nodes.getFirst(),
                            "pos-" + d,
                            builder -> builder.urls(urls).eventLoopGroup(loops)));
        }
        await("everybody is there")
                .atMost(PATIENCE)
                .until(() -> devices.stream().allMatch(TestDevice::isConnected));
    }

    /** At a steady rate, whatever becomes of the messages. */
    private void publish(Cluster cluster) {
        long began = System.nanoTime();
        for (int m = 0; publishing; m++) {
            long due = began + TimeUnit.SECONDS.toNanos(1) / RATE * m;
            while (publishing && due - System.nanoTime() > 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            int device = m % DEVICES;
            String id = "m-" + m;
            published.get(device).add(id);
            var _ = cluster.publish(cluster.request(id, "pos-" + device, "" + m));
        }
    }

    private void everythingArrived() {
        await("everything arrived")
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            for (int d = 0; d < DEVICES; d++) {
                                assertThat(devices.get(d).received())
                                        .as("pos-" + d)
                                        .isGreaterThanOrEqualTo(published.get(d).size());
                            }
                        });
        for (int d = 0; d < DEVICES; d++) {
            assertThat(devices.get(d).ids()).as("pos-" + d).isEqualTo(published.get(d));
        }
    }

    /** Push frames that all nodes wrote, those that have gone included. */
    private double sent() {
        return nodes.stream().mapToDouble(node -> node.count("pushgate.access.sent")).sum();
    }

    private int reconnects() {
        return devices.stream().mapToInt(TestDevice::connects).sum() - DEVICES;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
