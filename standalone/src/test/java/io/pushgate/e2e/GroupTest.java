package io.pushgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.client.AckMode;
import io.pushgate.client.PushMessage;
import io.pushgate.mailbox.RecallReport;
import io.pushgate.protocol.Priority;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.PushRequestCodec;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Target;
import io.pushgate.protocol.Topics;
import io.pushgate.standalone.RoleKind;
import io.pushgate.standalone.SigningKeys.DeviceClaims;

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
import java.util.concurrent.TimeUnit;

/** Requests to groups, expanded two devices at a time, as services and devices see them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GroupTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MEMBERS = 5;

    /** Bulk requests that take a purger some seconds. */
    private static final int FLOOD = 5_000;

    @SuppressWarnings("NullAway.Init")
    private Cluster cluster;

    @BeforeAll
    void start() throws Exception {
        cluster = new ClusterSettings().set("purger.expansion.chunk", "2").start();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void whoeverBelongsByTokenOrByTheApiGetsItOnce() throws Exception {
        List<TestDevice> members = members("tills", AckMode.AUTO);
        join("tills", "away");
        try (TestDevice stranger = cluster.client("stranger")) {
            await().atMost(PATIENCE).until(stranger::isConnected);
            for (int i = 0; i < 3; i++) {
                // One key, so that they are taken in this order.
                PushRequest request = toGroup("to-tills-" + i, "tills").withReceipt();
                cluster.publish("tills", PushRequestCodec.encode(request));
            }
            List<String> ids = List.of("to-tills-0", "to-tills-1", "to-tills-2");
            for (TestDevice member : members) {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(member.ids()).isEqualTo(ids));
            }
            try (TestDevice away = cluster.client("away")) {
                await().atMost(PATIENCE).untilAsserted(() -> assertThat(away.ids()).isEqualTo(ids));
            }
            for (String id : ids) {
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () ->
                                        assertThat(finals(id))
                                                .hasSize(MEMBERS + 1)
                                                .extracting(Receipt::status)
                                                .containsOnly(Receipt.Status.DELIVERED));
            }
            assertThat(stranger.received()).isZero();
        } finally {
            members.forEach(TestDevice::close);
        }
        assertThat(cluster.count(RoleKind.PURGER, "pushgate.purger.chunks"))
                .isGreaterThanOrEqualTo(9);
    }

    @Test
    void theFirstAckOfAGroupKeepsIt() {
        List<TestDevice> members = members("pickers", AckMode.MANUAL);
        try {
            cluster.publish(
                    toGroup("order", "pickers")
                            .withReceipt()
                            .withCancelOn(PushRequest.CancelOn.FIRST_ACK));
            members.forEach(m -> await().atMost(PATIENCE).until(() -> m.received() == 1));
            members.subList(2, 4).forEach(m -> m.messages().forEach(PushMessage::ack));
            await().atMost(PATIENCE).until(() -> finals("order").size() == MEMBERS);
            assertThat(finals("order"))
                    .filteredOn(receipt -> receipt.status() == Receipt.Status.DELIVERED)
                    .singleElement()
                    .extracting(Receipt::device)
                    .isIn("pickers-2", "pickers-3");
            assertThat(finals("order"))
                    .filteredOn(receipt -> receipt.status() == Receipt.Status.RECALLED)
                    .hasSize(MEMBERS - 1);
        } finally {
            members.forEach(TestDevice::close);
        }
    }

    @Test
    void aRecallReachesEveryMember() throws Exception {
        for (int i = 0; i < MEMBERS; i++) {
            join("asleep", "asleep-" + i);
        }
        cluster.publish(toGroup("never-mind", "asleep").withReceipt());
        await().atMost(PATIENCE).until(() -> accepted("never-mind") == MEMBERS);
        assertThat(cluster.recall("never-mind").counts())
                .isEqualTo(Map.of(RecallReport.State.RECALLED, (long) MEMBERS));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(finals("never-mind"))
                                        .hasSize(MEMBERS)
                                        .extracting(Receipt::status)
                                        .containsOnly(Receipt.Status.RECALLED));
    }

    @Test
    void eachLaneOfRequestsReachesTheDeviceAlsoAtItsTime() throws Exception {
        try (TestDevice device = cluster.client("lanes")) {
            await().atMost(PATIENCE).until(device::isConnected);
            long at = cluster.access().context().redis().clock().millis() + 2_000;
            for (Priority lane : Priority.values()) {
                PushRequest request =
                        cluster.request(lane.wireName(), "lanes", "1").withPriority(lane);
                cluster.publishTo(Topics.requests(lane), request);
                cluster.publishTo(
                        Topics.requests(lane),
                        cluster.request("timed-" + lane.wireName(), "lanes", "1")
                                .withPriority(lane)
                                .withDeliverAt(at));
            }
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(device.ids())
                                            .containsExactlyInAnyOrder(
                                                    "high",
                                                    "normal",
                                                    "bulk",
                                                    "timed-high",
                                                    "timed-normal",
                                                    "timed-bulk"));
            for (Priority lane : Priority.values()) {
                assertThat(
                                cluster.count(
                                        RoleKind.DISPATCHER,
                                        "pushgate.consumer.records",
                                        "topic",
                                        Topics.deliveries(lane)))
                        .as("deliveries of the lane %s", lane)
                        .isGreaterThanOrEqualTo(2);
            }
        }
    }

    /** What is more urgent comes before the last of a flood that was published before it. */
    @Test
    void aFloodOfBulkHoldsUpNothingMoreUrgent() {
        try (TestDevice last = cluster.client("flood-last");
                TestDevice urgent = cluster.client("urgent")) {
            await().atMost(PATIENCE).until(() -> last.isConnected() && urgent.isConnected());
            for (int i = 0; i < FLOOD; i++) {
                bulk("flood-" + i, "away-" + i);
            }
            bulk("flood-last", "flood-last");
            for (Priority lane : List.of(Priority.NORMAL, Priority.HIGH)) {
                cluster.publishTo(
                        Topics.requests(lane),
                        cluster.request("over-" + lane.wireName(), "urgent", "1")
                                .withPriority(lane));
            }
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(urgent.ids())
                                            .containsExactlyInAnyOrder("over-high", "over-normal"));
            assertThat(last.received()).as("the last of the flood").isZero();
            await().atMost(PATIENCE).until(() -> last.received() == 1);
        }
    }

    private void bulk(String id, String device) {
        cluster.publishTo(
                Topics.requests(Priority.BULK),
                cluster.request(id, device, "1").withPriority(Priority.BULK));
    }

    /** Devices that are in the group by their tokens, connected. */
    private List<TestDevice> members(String group, AckMode mode) {
        List<TestDevice> members = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            String token =
                    cluster.token(
                            new DeviceClaims(
                                    Cluster.APP, group + "-" + i, null, "pos", Set.of(group)));
            members.add(
                    TestDevice.connect(
                            cluster.access().url(), token, builder -> builder.ackMode(mode)));
        }
        members.forEach(member -> await().atMost(PATIENCE).until(member::isConnected));
        return members;
    }

    private void join(String group, String device) throws Exception {
        cluster.access()
                .context()
                .mailbox()
                .groups()
                .join(cluster.device(device), group)
                .toCompletableFuture()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static PushRequest toGroup(String id, String group) {
        return PushRequest.of(
                id,
                Cluster.APP,
                new Target.Group(group, Set.of()),
                "1".getBytes(StandardCharsets.UTF_8));
    }

    private List<Receipt> finals(String id) {
        return cluster.receipts().all().stream()
                .filter(receipt -> receipt.id().equals(id) && receipt.status().isFinal())
                .toList();
    }

    private long accepted(String id) {
        return cluster.receipts().all().stream()
                .filter(
                        receipt ->
                                receipt.id().equals(id)
                                        && receipt.status() == Receipt.Status.ACCEPTED)
                .count();
    }
}
