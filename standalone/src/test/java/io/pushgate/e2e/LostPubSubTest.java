package io.pushgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.standalone.RoleKind;
import io.pushgate.testkit.Seeds;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Redis pub/sub may lose: the inbox heals it at once, without waiting for the delayer. */
class LostPubSubTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int DEVICES = 20;
    private static final int MESSAGES = 3_000;

    @Test
    void oneInThreeLostChangesNeitherOrderNorCompleteness() throws Exception {
        Random random = Seeds.random();
        List<Recipient> recipients = new ArrayList<>();
        // The delayer would heal it too, but only after an hour.
        try (Cluster cluster =
                new ClusterSettings()
                        .set("mailbox.backoff", "1h")
                        .hook(RoleKind.DISPATCHER, LossyBus::under)
                        .start()) {
            for (int d = 0; d < DEVICES; d++) {
                recipients.add(new Recipient("pos-" + d, cluster.client("pos-" + d)));
            }
            await().atMost(PATIENCE)
                    .until(() -> recipients.stream().allMatch(r -> r.device.isConnected()));
            for (int m = 0; m < MESSAGES; m++) {
                recipients.get(random.nextInt(DEVICES)).publish(cluster);
            }
            recipients.forEach(recipient -> recipient.measured = recipient.published.size());
            // Of the last one of a device nothing tells the node, if it is lost, but the next.
            await().atMost(PATIENCE)
                    .until(() -> recipients.stream().allMatch(r -> r.isCompleteOrNudged(cluster)));

            for (Recipient recipient : recipients) {
                List<String> got = recipient.device.ids();
                assertThat(got)
                        .as(recipient.name)
                        .isEqualTo(recipient.published.subList(0, got.size()));
            }
            assertThat(cluster.count(RoleKind.ACCESS_SERVER, "pushgate.access.gaps"))
                    .as("gaps noticed")
                    .isPositive();
            assertThat(
                            cluster.count(
                                    RoleKind.ACCESS_SERVER,
                                    "pushgate.access.fetches",
                                    "reason",
                                    "gap"))
                    .as("gaps fetched")
                    .isPositive();
            assertThat(cluster.count(RoleKind.DELAYER, "pushgate.delayer.redeliveries"))
                    .as("healed without the delayer")
                    .isZero();
        } finally {
            recipients.forEach(recipient -> recipient.device.close());
        }
    }

    private static final class Recipient {
        private final String name;
        private final TestDevice device;
        private final List<String> published = new ArrayList<>();
        private int measured;

        Recipient(String name, TestDevice device) {
            this.name = name;
            this.device = device;
        }

        void publish(Cluster cluster) {
            String id = name + "-" + published.size();
            published.add(id);
            cluster.publish(cluster.request(id, name, "1"));
        }

        boolean isCompleteOrNudged(Cluster cluster) {
            if (device.received() >= measured) {
                return true;
            }
            publish(cluster);
            return false;
        }
    }
}
