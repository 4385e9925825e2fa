package io.pushgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.client.MessageStore;
import io.pushgate.standalone.RoleKind;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** A device that changes its node: what the dispatcher remembers of it is stale. */
class RoamingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void aMessageForAStaleRouteArrivesWithinASecond() throws Exception {
        try (Cluster cluster = new ClusterSettings().with(RoleKind.ACCESS_SERVER, 2).start()) {
            MessageStore store = MessageStore.inMemory();
            for (int move = 0; move < 10; move++) {
                Member node = cluster.members(RoleKind.ACCESS_SERVER).get(move % 2);
                String first = "first-" + move;
                String second = "second-" + move;
                try (TestDevice device =
                        cluster.client(node, "roamer", builder -> builder.store(store))) {
                    await().atMost(PATIENCE).until(device::isConnected);
                    cluster.publish(cluster.request(first, "roamer", "1"));
                    await().atMost(Duration.ofSeconds(1)).until(() -> device.received() == 1);
                    cluster.publish(cluster.request(second, "roamer", "2"));
                    await().atMost(Duration.ofSeconds(1)).until(() -> device.received() == 2);
                    assertThat(device.ids()).containsExactly(first, second);
                }
            }
            assertThat(cluster.count(RoleKind.DELAYER, "pushgate.delayer.redeliveries"))
                    .as("nothing waited for the delayer")
                    .isZero();
        }
    }
}
