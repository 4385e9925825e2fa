package io.pushgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.protocol.Receipt;
import io.pushgate.standalone.RoleKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** Redis and Kafka go away for ten seconds each, and come back with their data. */
class OutageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration OUTAGE = Duration.ofSeconds(10);
    private static final int DEVICES = 20;

    @Test
    void redisAwayForTenSeconds(@TempDir Path folder) throws Exception {
        try (Cluster cluster = new ClusterSettings().persistentIn(folder).start()) {
            List<TestDevice> devices = devices(cluster);
            try {
                List<String> ids = new ArrayList<>(publish(cluster, "before", 500));
                cluster.redis().kill();
                ids.addAll(publish(cluster, "during", 2_000));
                awayFor(cluster, RoleKind.PURGER, RoleKind.ACCESS_SERVER, RoleKind.DISPATCHER);
                cluster.redis().start();
                assertAllArrive(cluster, devices, ids);
            } finally {
                devices.forEach(TestDevice::close);
            }
        }
    }

    @Test
    void kafkaAwayForTenSeconds() throws Exception {
        try (Cluster cluster = Cluster.start()) {
            List<TestDevice> devices = devices(cluster);
            try {
                List<String> ids = new ArrayList<>(publish(cluster, "before", 500));
                cluster.kafka().stop();
                awayFor(cluster, RoleKind.PURGER, RoleKind.DISPATCHER);
                cluster.kafka().start();
                ids.addAll(publish(cluster, "after", 500));
                assertAllArrive(cluster, devices, ids);
            } finally {
                devices.forEach(TestDevice::close);
            }
        }
    }

    private static List<TestDevice> devices(Cluster cluster) {
        List<TestDevice> devices = new ArrayList<>();
        for (int d = 0; d < DEVICES; d++) {
            devices.add(cluster.client("pos-" + d));
        }
        await().atMost(PATIENCE).until(() -> devices.stream().allMatch(TestDevice::isConnected));
        return devices;
    }

    /** Waits until the roles have noticed, and until the outage has lasted long enough. */
    private static void awayFor(Cluster cluster, RoleKind... noticing) {
        long began = System.nanoTime();
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            for (RoleKind kind : noticing) {
                                if (cluster.members(kind).stream()
                                        .anyMatch(member -> member.health().isReady())) {
                                    return false;
                                }
                            }
                            return true;
                        });
        await().atMost(PATIENCE).until(() -> System.nanoTime() - began > OUTAGE.toNanos());
    }

    private static List<String> publish(Cluster cluster, String prefix, int count) {
        List<String> ids = new ArrayList<>();
        List<CompletableFuture<?>> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String id = prefix + "-" + i;
            ids.add(id);
            sent.add(
                    cluster.publish(cluster.request(id, "pos-" + i % DEVICES, "" + i))
                            .toCompletableFuture());
        }
        sent.forEach(CompletableFuture::join);
        return ids;
    }

    private static void assertAllArrive(
            Cluster cluster, List<TestDevice> devices, List<String> ids) {
        await().atMost(PATIENCE)
                .until(() -> devices.stream().mapToInt(TestDevice::received).sum() >= ids.size());
        for (int d = 0; d < DEVICES; d++) {
            int device = d;
            List<String> expected = new ArrayList<>();
            for (String id : ids) {
                if (Integer.parseInt(id.substring(id.indexOf('-') + 1)) % DEVICES == device) {
                    expected.add(id);
                }
            }
            assertThat(devices.get(d).ids()).as("pos-" + d).containsExactlyElementsOf(expected);
        }
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            Set<String> delivered =
                                    cluster.receipts().all().stream()
                                            .filter(r -> r.status() == Receipt.Status.DELIVERED)
                                            .map(Receipt::id)
                                            .collect(Collectors.toSet());
                            assertThat(delivered).hasSameElementsAs(ids);
                        });
        cluster.awaitReady();
    }
}
