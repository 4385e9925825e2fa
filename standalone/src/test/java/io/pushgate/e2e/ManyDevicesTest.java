package io.pushgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.pushgate.client.EventLoops;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.Receipt;
import io.pushgate.standalone.RoleKind;
import io.pushgate.testkit.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A thousand devices, a hundred thousand messages of every size, over two of each role. */
class ManyDevicesTest {
    private static final int DEVICES = 1_000;
    private static final int MESSAGES = 100_000;
    private static final int SMALLEST = 10;
    private static final int LARGEST = 64 * 1024;

    /**
     * Requests published and not yet acknowledged by Kafka, at most: bounds the test's own memory.
     */
    private static final int BURST = 2_000;

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Test
    @Timeout(600)
    void eachIsReceivedOnceInOrderAndReceipted() throws Exception {
        Random random = Seeds.random();
        ClusterSettings settings = new ClusterSettings();
        for (RoleKind kind : RoleKind.values()) {
            settings.with(kind, kind == RoleKind.CONSOLE ? 0 : 2);
        }
        EventLoopGroup loops = EventLoops.create(2, "devices");
        List<TestDevice> devices = new ArrayList<>();
        try (Cluster cluster = settings.start()) {
            devices.addAll(cluster.clients(DEVICES, loops));

            Map<String, List<String>> published = publish(cluster, random);
            await().atMost(PATIENCE)
                    .until(() -> devices.stream().mapToInt(TestDevice::received).sum() >= MESSAGES);
            for (int d = 0; d < DEVICES; d++) {
                assertThat(devices.get(d).ids())
                        .as("pos-" + d)
                        .containsExactlyElementsOf(published.getOrDefault("pos-" + d, List.of()));
                assertThat(devices.get(d).errors()).isEmpty();
            }
            assertDeliveredReceipts(cluster, published);
            assertThat(cluster.count(RoleKind.DELAYER, "pushgate.delayer.exhausted")).isZero();
        } finally {
            devices.forEach(TestDevice::close);
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    private static Map<String, List<String>> publish(Cluster cluster, Random random) {
        Map<String, List<String>> published = new HashMap<>();
        List<java.util.concurrent.CompletableFuture<?>> burst = new ArrayList<>();
        for (int m = 0; m < MESSAGES; m++) {
            String device = "pos-" + random.nextInt(DEVICES);
            PushRequest request = cluster.request("m-" + m, device, json(m, size(random)));
            burst.add(cluster.publish(request).toCompletableFuture());
            published.computeIfAbsent(device, d -> new ArrayList<>()).add(request.id());
            if (burst.size() == BURST) {
                burst.forEach(java.util.concurrent.CompletableFuture::join);
                burst.clear();
            }
        }
        burst.forEach(java.util.concurrent.CompletableFuture::join);
        return published;
    }

    /**
     * As many between 10 and 100 bytes as between 10 and 64 KiB in each tenfold: sizes are like
     * that.
     */
    private static int size(Random random) {
        double tenfolds = Math.log10((double) LARGEST / SMALLEST);
        return (int) Math.round(SMALLEST * Math.pow(10, random.nextDouble() * tenfolds));
    }

    private static String json(int number, int size) {
        StringBuilder text = new StringBuilder(size).append('"');
        text.append(Integer.toHexString(number));
        while (text.length() < size - 1) {
            text.append((char) ('a' + text.length() % 26));
        }
        return text.append('"').toString();
    }

    private static void assertDeliveredReceipts(
            Cluster cluster, Map<String, List<String>> published) {
        await().atMost(PATIENCE).until(() -> cluster.receipts().size() >= 2 * MESSAGES);
        Map<Receipt.Status, Set<String>> byStatus = new HashMap<>();
        for (Receipt receipt : cluster.receipts().all()) {
            boolean first =
                    byStatus.computeIfAbsent(receipt.status(), s -> new HashSet<>())
                            .add(receipt.device() + " " + receipt.id());
            assertThat(first).as("receipted once: %s", receipt).isTrue();
        }
        Set<String> all = new HashSet<>();
        published.forEach((device, ids) -> ids.forEach(id -> all.add(device + " " + id)));
        assertThat(byStatus).containsOnlyKeys(Receipt.Status.ACCEPTED, Receipt.Status.DELIVERED);
        assertThat(byStatus.get(Receipt.Status.DELIVERED)).isEqualTo(all);
        assertThat(byStatus.get(Receipt.Status.ACCEPTED)).isEqualTo(all);
    }
}
