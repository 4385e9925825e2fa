package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.access.auth.Keys;
import io.pushgate.client.PushgateClient;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.runtime.Closer;
import io.pushgate.testkit.LeakCheck;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A node that is added gets its share of the connections, and nobody loses a message by it. */
@ExtendWith(LeakCheck.class)
class BalanceTest {
    private static final int DEVICES = 42;

    private final String name = "balance-" + System.nanoTime();
    private final Set<String> received = ConcurrentHashMap.newKeySet();

    @Test
    void aNewNodeIsGivenItsShareOfTheConnections() throws Exception {
        try (Closer closer = new Closer()) {
            List<AccessNode> nodes = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                nodes.add(closer.add(node()));
            }
            for (int i = 0; i < DEVICES; i++) {
                closer.add(client(i, nodes.get(i % 3).port()));
            }
            await(() -> assertThat(sum(connections(nodes))).isEqualTo(DEVICES));
            double before = asked(nodes);

            nodes.add(closer.add(node()));
            // The mean is 10, so a node with 13 sheds.
            await(
                    () -> {
                        assertThat(sum(connections(nodes))).isEqualTo(DEVICES);
                        assertThat(connections(nodes)).allMatch(n -> n <= 12);
                    });
            assertThat(nodes.getLast().count(AccessMeters.BALANCE_ASKED)).isZero();
            assertThat(asked(nodes) - before)
                    .as("asked to move, no device to and fro")
                    .isBetween(6.0, DEVICES / 2.0);

            for (int i = 0; i < DEVICES; i++) {
                nodes.getFirst().push(device(i), "m" + i);
            }
            await(() -> assertThat(received).hasSize(DEVICES));
        }
    }

    private AccessNode node() throws Exception {
        return AccessNode.start(
                Map.of(
                        "address", "127.0.0.1:0",
                        "region", name,
                        "lease-ttl", "1s",
                        "balance.min-connections", "5",
                        "balance.every", "1s"));
    }

    private DeviceKey device(int i) {
        return new DeviceKey("shop", name + "-" + i);
    }

    private PushgateClient client(int i, int port) {
        return PushgateClient.builder()
                .url("ws://127.0.0.1:" + port)
                .tokenSupplier(() -> Keys.token("shop", device(i).device()))
                .listener(message -> received.add(message.id()))
                .start();
    }

    private static List<Integer> connections(List<AccessNode> nodes) {
        return nodes.stream().map(node -> node.server.connections()).toList();
    }

    private static int sum(List<Integer> counts) {
        return counts.stream().mapToInt(n -> n).sum();
    }

    private static double asked(List<AccessNode> nodes) {
        return nodes.stream().mapToDouble(n -> n.count(AccessMeters.BALANCE_ASKED)).sum();
    }

    private static void await(org.awaitility.core.ThrowingRunnable condition) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(50))
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(condition);
    }
}
