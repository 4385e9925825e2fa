package io.pushgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.client.PushMessage;
import io.pushgate.protocol.Receipt;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.time.Duration;

/** The shortest way through the whole gateway. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FirstPushTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @SuppressWarnings("NullAway.Init")
    private Cluster cluster;

    @BeforeAll
    void start() throws Exception {
        cluster = Cluster.start();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void aRequestOnKafkaReachesTheDeviceAndIsReceipted() {
        try (TestDevice device = cluster.client("pos-1")) {
            await().atMost(PATIENCE).until(() -> device.client().isConnected());
            cluster.publish(cluster.request("order-1", "pos-1", "{\"n\": 1}"));
            await().atMost(PATIENCE).until(() -> device.received() == 1);
            PushMessage message = device.messages().getFirst();
            assertThat(message.id()).isEqualTo("order-1");
            assertThat(message.data()).isEqualTo("{\"n\": 1}");
            assertThat(message.again()).isFalse();
            awaitReceipts("order-1", Receipt.Status.ACCEPTED, Receipt.Status.DELIVERED);
        }
    }

    @Test
    void whatCameWhileTheDeviceWasAwayIsThereOnConnect() {
        for (int i = 0; i < 3; i++) {
            cluster.publish(cluster.request("away-" + i, "pos-2", "{\"n\":" + i + "}"));
        }
        awaitReceipts("away-2", Receipt.Status.ACCEPTED);
        try (TestDevice device = cluster.client("pos-2")) {
            await().atMost(PATIENCE).until(() -> device.received() == 3);
            assertThat(device.ids()).containsExactly("away-0", "away-1", "away-2");
            awaitReceipts("away-2", Receipt.Status.ACCEPTED, Receipt.Status.DELIVERED);
        }
    }

    private void awaitReceipts(String id, Receipt.Status... statuses) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(cluster.receipts().of(Cluster.APP, id))
                                        .extracting(Receipt::status)
                                        .containsExactlyInAnyOrder(statuses));
    }
}
