package io.pushgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.client.AckMode;
import io.pushgate.client.PushMessage;
import io.pushgate.mailbox.RecallReport.State;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Target;
import io.pushgate.standalone.RoleKind;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a message can carry, as services and devices see it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CarryTest {
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
    void aRecallBeforeTheRequestKeepsItFromTheDevice() throws Exception {
        assertThat(cluster.recall("early").known()).isFalse();
        try (TestDevice device = cluster.client("before")) {
            await().atMost(PATIENCE).until(device::isConnected);
            cluster.publish(cluster.request("early", "before", "1"));
            cluster.publish(cluster.request("next", "before", "2"));
            awaitFinal("next", Receipt.Status.DELIVERED);
            assertThat(device.ids()).containsExactly("next");
        }
        awaitFinal("early", Receipt.Status.RECALLED);
    }

    @Test
    void aRecallReachesTheInboxOfADeviceThatIsAway() throws Exception {
        cluster.publish(cluster.request("waiting", "away", "1"));
        cluster.publish(cluster.request("kept", "away", "2"));
        awaitStatus("kept", Receipt.Status.ACCEPTED);
        assertThat(cluster.recall("waiting").counts()).isEqualTo(Map.of(State.RECALLED, 1L));
        try (TestDevice device = cluster.client("away")) {
            awaitFinal("kept", Receipt.Status.DELIVERED);
            assertThat(device.ids()).containsExactly("kept");
        }
        awaitFinal("waiting", Receipt.Status.RECALLED);
        assertThat(cluster.recall("waiting").devices())
                .singleElement()
                .satisfies(
                        answer -> {
                            assertThat(answer.state()).isEqualTo(State.ALREADY_ENDED);
                            assertThat(answer.ended()).isEqualTo("recalled");
                        });
    }

    @Test
    void aRecallDuringDeliveryIsToldToTheAppAndAfterwardsComesTooLate() throws Exception {
        try (TestDevice device = manual("busy")) {
            await().atMost(PATIENCE).until(device::isConnected);
            cluster.publish(cluster.request("sent", "busy", "1"));
            await().atMost(PATIENCE).until(() -> device.received() == 1);
            assertThat(cluster.recall("sent").counts()).isEqualTo(Map.of(State.IN_FLIGHT, 1L));
            await().atMost(PATIENCE).until(() -> device.recalls().contains("sent"));
            cluster.publish(cluster.request("acked", "busy", "2"));
            await().atMost(PATIENCE).until(() -> device.received() == 2);
            device.messages().forEach(PushMessage::ack);
            awaitFinal("acked", Receipt.Status.DELIVERED);
            awaitFinal("sent", Receipt.Status.RECALLED);
            assertThat(cluster.recall("acked").counts())
                    .isEqualTo(Map.of(State.ALREADY_DELIVERED, 1L));
            awaitFinal("acked", Receipt.Status.DELIVERED);
        }
    }

    @Test
    void aNewerMessageTakesThePlaceOfAnOlderOneAlsoInFlight() {
        cluster.publish(cluster.request("price-1", "screen", "1").withCollapse("price"));
        cluster.publish(cluster.request("price-2", "screen", "2").withCollapse("price"));
        awaitFinal("price-1", Receipt.Status.SUPERSEDED);
        try (TestDevice device = manual("screen")) {
            await().atMost(PATIENCE).until(() -> device.received() == 1);
            cluster.publish(cluster.request("price-3", "screen", "3").withCollapse("price"));
            awaitFinal("price-2", Receipt.Status.SUPERSEDED);
            device.messages().forEach(PushMessage::ack); // too late, and harmless
            await().atMost(PATIENCE).until(() -> device.received() == 2);
            cluster.publish(cluster.request("price-4", "screen", "4"));
            await().atMost(PATIENCE).until(() -> device.received() == 3);
            device.messages().forEach(PushMessage::ack);
            awaitFinal("price-3", Receipt.Status.DELIVERED);
            awaitFinal("price-4", Receipt.Status.DELIVERED);
            assertThat(device.ids()).containsExactly("price-2", "price-3", "price-4");
        }
        awaitFinal("price-2", Receipt.Status.SUPERSEDED);
    }

    @Test
    void theFirstOfSeveralTillsKeepsAnOrder() {
        List<String> names = List.of("till-1", "till-2", "till-3", "till-away");
        List<TestDevice> tills = new ArrayList<>();
        try {
            names.subList(0, 3).forEach(name -> tills.add(manual(name)));
            tills.forEach(till -> await().atMost(PATIENCE).until(till::isConnected));
            cluster.publish(
                    PushRequest.of(
                                    "order",
                                    Cluster.APP,
                                    new Target.Devices(names, Set.of()),
                                    "1".getBytes(StandardCharsets.UTF_8))
                            .withReceipt()
                            .withCancelOn(PushRequest.CancelOn.FIRST_ACK));
            tills.forEach(till -> await().atMost(PATIENCE).until(() -> till.received() == 1));
            tills.get(1).messages().getFirst().ack();
            await().atMost(PATIENCE).until(() -> finals("order").size() == 4);
            tills.get(0).messages().getFirst().ack(); // it had not heard of it yet
            await().atMost(PATIENCE)
                    .until(
                            () ->
                                    tills.get(0).recalls().contains("order")
                                            && tills.get(2).recalls().contains("order"));
            assertThat(tills.get(1).recalls()).isEmpty();
            try (TestDevice late = cluster.client("till-away")) {
                cluster.publish(cluster.request("later", "till-away", "2"));
                awaitFinal("later", Receipt.Status.DELIVERED);
                assertThat(late.ids()).containsExactly("later");
            }
            assertThat(finals("order"))
                    .filteredOn(r -> r.status() == Receipt.Status.DELIVERED)
                    .extracting(Receipt::device)
                    .containsExactly("till-2");
            assertThat(finals("order"))
                    .filteredOn(r -> r.status() == Receipt.Status.RECALLED)
                    .hasSize(3)
                    .allMatch(r -> "acked by a sibling".equals(r.reason()));
        } finally {
            tills.forEach(TestDevice::close);
        }
    }

    @Test
    void aScheduledMessageComesAtItsTimeAndARecallReachesIt() throws Exception {
        long at = System.currentTimeMillis() + 4_000;
        cluster.publish(cluster.request("timed", "planner", "1").withDeliverAt(at));
        cluster.publish(cluster.request("timed", "planner", "1").withDeliverAt(at));
        cluster.publish(cluster.request("never", "planner", "2").withDeliverAt(at + 9_000_000));
        cluster.publish(cluster.request("past", "planner", "3").withDeliverAt(at - 9_000_000));
        cluster.publish(
                cluster.request("too-far", "planner", "4")
                        .withDeliverAt(at + PushRequest.MAX_DELAY.toMillis() + 60_000));
        awaitFinal("too-far", Receipt.Status.REJECTED);
        try (TestDevice device = cluster.client("planner")) {
            awaitFinal("past", Receipt.Status.DELIVERED);
            awaitStatus("timed", Receipt.Status.DUPLICATE);
            await().atMost(PATIENCE)
                    .until(() -> cluster.count(RoleKind.PURGER, "pushgate.purger.scheduled") == 2);
            assertThat(cluster.recall("never").scheduled()).isTrue();
            awaitFinal("never", Receipt.Status.RECALLED);
            awaitFinal("timed", Receipt.Status.DELIVERED);
            assertThat(device.ids()).containsExactly("past", "timed");
            assertThat(device.messages().getLast().acceptedAt()).isGreaterThanOrEqualTo(at);
        }
    }

    private TestDevice manual(String name) {
        return cluster.client(cluster.access(), name, builder -> builder.ackMode(AckMode.MANUAL));
    }

    /** The one final receipt of a message to one device. */
    private void awaitFinal(String id, Receipt.Status status) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(finals(id))
                                        .extracting(Receipt::status)
                                        .containsExactly(status));
    }

    private void awaitStatus(String id, Receipt.Status status) {
        await().atMost(PATIENCE)
                .until(
                        () ->
                                cluster.receipts().all().stream()
                                        .anyMatch(r -> r.id().equals(id) && r.status() == status));
    }

    private List<Receipt> finals(String id) {
        return cluster.receipts().all().stream()
                .filter(receipt -> receipt.id().equals(id) && receipt.status().isFinal())
                .toList();
    }
}
