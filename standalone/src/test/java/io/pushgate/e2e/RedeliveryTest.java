package io.pushgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.client.AckMode;
import io.pushgate.protocol.Receipt;
import io.pushgate.standalone.RoleKind;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** A device that takes messages and never acks them. */
class RedeliveryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration NEARLY = Duration.ofSeconds(2);
    private static final List<Duration> BACKOFF =
            List.of(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(40),
                    Duration.ofSeconds(80));

    @Test
    void itIsTriedFiveTimesAtTheStatedTimesThenCutAndGetsItOnItsNextConnect() throws Exception {
        // The delayer looks every 10 ms, so that the mailbox's moved time is all that counts.
        try (Cluster cluster =
                new ClusterSettings()
                        .set("delayer.tick", "10ms")
                        .set("delayer.idle-check", "10ms")
                        .start()) {
            TestDevice mute =
                    cluster.client(
                            cluster.access(), "mute", builder -> builder.ackMode(AckMode.MANUAL));
            await().atMost(PATIENCE).until(mute::isConnected);
            cluster.publish(cluster.request("unloved", "mute", "1"));
            await().atMost(PATIENCE).until(() -> mute.received() == 1);

            for (int attempt = 1; attempt <= BACKOFF.size(); attempt++) {
                cluster.advance(BACKOFF.get(attempt - 1).minus(NEARLY));
                int checksBefore = (int) checks(cluster);
                // Many looks later nothing has come: it is not yet time.
                await().atMost(PATIENCE).until(() -> checks(cluster) > checksBefore + 50);
                assertThat(attempts(cluster))
                        .as("before attempt " + attempt)
                        .isEqualTo(attempt - 1);
                cluster.advance(NEARLY);
                int expected = attempt;
                await().atMost(PATIENCE).until(() -> attempts(cluster) == expected);
                await().atMost(PATIENCE).until(() -> redelivered(cluster) == expected);
            }
            assertThat(mute.disconnects()).isEmpty();
            assertThat(mute.received()).as("handed to the app once").isEqualTo(1);

            cluster.advance(BACKOFF.getLast());
            await().atMost(PATIENCE).until(() -> !mute.disconnects().isEmpty());
            assertThat(mute.disconnects().getFirst().code()).isEqualTo(4410);
            mute.close();
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(cluster.receipts().of(Cluster.APP, "unloved"))
                                            .extracting(Receipt::status)
                                            .containsExactly(
                                                    Receipt.Status.ACCEPTED,
                                                    Receipt.Status.UNACKED));

            try (TestDevice back = cluster.client("mute")) {
                await().atMost(PATIENCE).until(() -> back.received() == 1);
                assertThat(back.ids()).containsExactly("unloved");
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () ->
                                        assertThat(cluster.receipts().of(Cluster.APP, "unloved"))
                                                .extracting(Receipt::status)
                                                .contains(Receipt.Status.DELIVERED));
            }
        }
    }

    private static double checks(Cluster cluster) {
        return cluster.count(RoleKind.DELAYER, "pushgate.delayer.checks");
    }

    private static double attempts(Cluster cluster) {
        return cluster.count(RoleKind.DELAYER, "pushgate.delayer.redeliveries");
    }

    private static double redelivered(Cluster cluster) {
        return cluster.count(RoleKind.ACCESS_SERVER, "pushgate.access.redelivered");
    }
}
