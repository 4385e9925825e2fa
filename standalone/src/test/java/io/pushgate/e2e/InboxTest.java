package io.pushgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.client.AckMode;
import io.pushgate.client.MessageStore;
import io.pushgate.client.PushMessage;
import io.pushgate.protocol.Receipt;
import io.pushgate.standalone.RoleKind;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** What waits for a device that is away, overflows, or leaves in the middle. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InboxTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How many messages the device is done with when it roams. */
    private static final int PROCESSED = 20;

    private static final int CAP = 1_000;

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
    void anOfflineDeviceGetsTheNewestAndTheBusinessWordOfTheRest() {
        int published = 5_000;
        List<String> ids = publish("offline", published);
        awaitStatus(ids, Receipt.Status.ACCEPTED);

        try (TestDevice device = cluster.client("offline")) {
            List<String> newest = ids.subList(published - CAP, published);
            await().atMost(PATIENCE).until(() -> device.received() >= CAP);
            assertThat(device.ids()).containsExactlyElementsOf(newest);
            awaitStatus(newest, Receipt.Status.DELIVERED);
        }
        List<String> rest = ids.subList(0, published - CAP);
        awaitStatus(rest, Receipt.Status.OVERFLOWED);
        assertThat(statuses("offline", Receipt.Status.OVERFLOWED)).hasSameElementsAs(rest);
        assertThat(statuses("offline", Receipt.Status.OVERFLOWED)).doesNotHaveDuplicates();
    }

    @Test
    void aConnectionDroppedInTheMiddleOfAReplayLosesAndRepeatsNothing() {
        int drops = 20;
        List<String> ids = publish("dropper", CAP);
        awaitStatus(ids, Receipt.Status.ACCEPTED);

        MessageStore store = MessageStore.inMemory(CAP);
        List<String> got = new ArrayList<>();
        for (int drop = 1; drop <= drops; drop++) {
            int enough = CAP * drop / (drops + 1) - got.size();
            try (TestDevice device =
                    cluster.client(cluster.access(), "dropper", builder -> builder.store(store))) {
                await().atMost(PATIENCE).until(() -> device.received() >= enough);
                device.close();
                got.addAll(device.ids());
            }
        }
        try (TestDevice device =
                cluster.client(cluster.access(), "dropper", builder -> builder.store(store))) {
            await().atMost(PATIENCE).until(() -> got.size() + device.received() >= CAP);
            got.addAll(device.ids());
            awaitStatus(ids, Receipt.Status.DELIVERED);
        }
        assertThat(got).containsExactlyElementsOf(ids);
        assertThat(statuses("dropper", Receipt.Status.DELIVERED)).doesNotHaveDuplicates();
    }

    @Test
    void anotherNodeTakesADeviceOverWithItsMessagesInFlight() throws Exception {
        Member second = cluster.add(RoleKind.ACCESS_SERVER, java.util.Map.of());
        cluster.awaitReady();
        MessageStore store = MessageStore.inMemory(CAP);
        // One device, that is two clients with a store in common, of which one works at a time.
        try (TestDevice first =
                cluster.client(
                        cluster.access(),
                        "roamer",
                        builder -> builder.store(store).ackMode(AckMode.MANUAL))) {
            await().atMost(PATIENCE).until(first::isConnected);
            List<String> ids = publish("roamer", 300);
            await().atMost(PATIENCE).until(() -> first.received() >= PROCESSED);
            List<PushMessage> processed = first.messages().subList(0, PROCESSED);
            processed.forEach(PushMessage::ack);
            awaitStatus(processed.stream().map(PushMessage::id).toList(), Receipt.Status.DELIVERED);
            try (TestDevice next =
                    cluster.client(second, "roamer", builder -> builder.store(store))) {
                await().atMost(PATIENCE).until(() -> first.terminated() != null);
                assertThat(first.terminated()).extracting(t -> t.code()).isEqualTo(4409);
                List<String> more = publish("roamer", 300, 300);
                awaitStatus(ids, Receipt.Status.DELIVERED);
                awaitStatus(more, Receipt.Status.DELIVERED);
                List<String> expected = new ArrayList<>(ids.subList(PROCESSED, ids.size()));
                expected.addAll(more);
                assertThat(next.ids()).containsExactlyElementsOf(expected);
                assertThat(ids).startsWith(first.ids().toArray(String[]::new));
            }
        } finally {
            cluster.remove(second).drain();
        }
    }

    @Test
    void aMessageThatExpiresWhileTheDeviceIsAwayIsReceiptedAndNotDelivered() {
        cluster.publish(
                cluster.request("short-lived", "expirer", "1").withTtl(Duration.ofSeconds(1)));
        cluster.publish(cluster.request("long-lived", "expirer", "2"));
        awaitStatus(List.of("short-lived"), Receipt.Status.EXPIRED);
        try (TestDevice device = cluster.client("expirer")) {
            awaitStatus(List.of("long-lived"), Receipt.Status.DELIVERED);
            assertThat(device.messages()).extracting(PushMessage::id).containsExactly("long-lived");
        }
    }

    private List<String> publish(String device, int count) {
        return publish(device, 0, count);
    }

    private List<String> publish(String device, int from, int count) {
        List<String> ids =
                IntStream.range(from, from + count).mapToObj(i -> device + "-" + i).toList();
        ids.forEach(id -> cluster.publish(cluster.request(id, device, "{\"id\":\"" + id + "\"}")));
        return ids;
    }

    private void awaitStatus(List<String> ids, Receipt.Status status) {
        Set<String> wanted = new HashSet<>(ids);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            Set<String> missing = new HashSet<>(wanted);
                            cluster.receipts().all().stream()
                                    .filter(receipt -> receipt.status() == status)
                                    .map(Receipt::id)
                                    .forEach(missing::remove);
                            assertThat(missing).as("without " + status).isEmpty();
                        });
    }

    private List<String> statuses(String device, Receipt.Status status) {
        return cluster.receipts().all().stream()
                .filter(r -> device.equals(r.device()) && r.status() == status)
                .map(Receipt::id)
                .toList();
    }
}
