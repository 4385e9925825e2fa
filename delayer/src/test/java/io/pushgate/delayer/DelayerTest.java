package io.pushgate.delayer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.mailbox.Schedule;
import io.pushgate.mailbox.ScheduledRequest;
import io.pushgate.protocol.CloseReason;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.kafka.KafkaTopics;
import io.pushgate.testkit.TestKafka;
import io.pushgate.testkit.TopicReader;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The delayer between real Redis, whose time the test moves, and real Kafka. */
class DelayerTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void redeliversFiveTimesThenCuts() throws Exception {
        try (Rig rig = new Rig(8);
                TopicReader deliveries = Rig.reader(Topics.DELIVERIES);
                TopicReader receipts = Rig.reader(Topics.RECEIPTS)) {
            rig.lease();
            Route route = rig.register("d");
            rig.offer("m", LONG, List.of("d"));
            rig.offer("n", LONG, List.of("d"));
            DeviceKey device = rig.device("d");
            List<Delivery> expected = new ArrayList<>();
            try (Delayer delayer = rig.delayer()) {
                int[] waits = {5, 10, 20, 40, 80};
                for (int attempt = 1; attempt <= waits.length; attempt++) {
                    // Three seconds short of it nothing happens, whatever the machine's hiccups.
                    rig.shift.addAndGet((waits[attempt - 1] - 3) * 1000L);
                    rig.awaitWalks();
                    assertThat(rig.deliveries(deliveries.poll())).isEqualTo(expected);
                    rig.shift.addAndGet(3000);
                    expected.add(new Delivery.Redeliver(device, route, attempt));
                    int wanted = attempt;
                    deliveries.await(
                            "attempt " + attempt, all -> rig.deliveries(all).size() >= wanted);
                    assertThat(rig.deliveries(deliveries.poll())).isEqualTo(expected);
                }
                assertThat(rig.receipts(receipts.poll())).isEmpty();
                assertThat(Rig.get(rig.mailbox.route(device))).contains(route);

                rig.shift.addAndGet(80_000);
                expected.add(new Delivery.Disconnect(device, route, CloseReason.TOO_SLOW));
                deliveries.await("the cut", all -> rig.deliveries(all).size() >= 6);
                assertThat(rig.deliveries(deliveries.poll())).isEqualTo(expected);
                List<Receipt> told =
                        rig.receipts(
                                receipts.await("unacked", all -> !rig.receipts(all).isEmpty()));
                assertThat(told)
                        .extracting(r -> r.id() + " " + r.device() + " " + r.status())
                        .containsExactly("m d UNACKED");
                assertThat(told.getFirst().attempt()).isEqualTo(5);
                // The session is over, the messages wait for the next connect.
                assertThat(Rig.get(rig.mailbox.route(device))).isEmpty();
                assertThat(Rig.get(rig.mailbox.fetch(device, Position.NONE, 10)).entries())
                        .extracting(entry -> entry.message().id())
                        .containsExactly("m", "n");
                await("outbox").until(() -> everyPending(rig, Duration.ZERO) == 0);

                // And nothing more comes.
                rig.shift.addAndGet(600_000);
                rig.awaitWalks();
                assertThat(rig.deliveries(deliveries.poll())).hasSize(6);
                assertThat(delayer.health().isReady()).isTrue();
                delayer.drain(Deadline.in(Duration.ofSeconds(5), Ticker.system()));
            }
            assertThat(rig.count(DelayerMeters.CLAIMS)).isEqualTo(6);
        }
    }

    @Test
    void handsScheduledRequestsBackWhenTheirTimeHasCome() throws Exception {
        try (Rig rig = new Rig(8);
                TopicReader requests = Rig.reader(Topics.REQUESTS);
                Delayer delayer = rig.delayer()) {
            List<Schedule.Timed> timed = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                byte[] request = ("request " + rig.app + i).getBytes(UTF_8);
                timed.add(
                        new Schedule.Timed(
                                new ScheduledRequest(rig.app, "m" + i, "3:" + i, request),
                                System.currentTimeMillis() + LONG.toMillis()));
            }
            Rig.get(rig.mailbox.schedule().add(timed));
            rig.awaitWalks();
            assertThat(ours(rig, requests.poll())).isEmpty();
            rig.shift.addAndGet(LONG.toMillis());
            List<ConsumerRecord<byte[], byte[]>> all =
                    ours(
                            rig,
                            requests.await("due", some -> ours(rig, some).size() >= timed.size()));
            assertThat(all)
                    .extracting(
                            one ->
                                    new String(
                                            one.headers().lastHeader(Topics.DUE_HEADER).value(),
                                            UTF_8))
                    .hasSize(20)
                    .contains("3:0", "3:19")
                    .doesNotHaveDuplicates();
            // They are forgotten, not only taken.
            rig.shift.addAndGet(60_000);
            rig.awaitWalks();
            rig.awaitWalks();
            assertThat(ours(rig, requests.poll())).hasSize(20);
            assertThat(delayer.health().isReady()).isTrue();
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> ours(
            Rig rig, List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .filter(one -> new String(one.value(), UTF_8).startsWith("request " + rig.app))
                .toList();
    }

    @Test
    void twoDelayersNeverDouble() throws Exception {
        try (Rig rig = new Rig(64);
                TopicReader deliveries = Rig.reader(Topics.DELIVERIES)) {
            rig.lease();
            List<String> devices = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                devices.add("d" + i);
                rig.register("d" + i);
            }
            rig.offer("m", LONG, devices);
            try (Delayer one = rig.delayer();
                    Delayer two = rig.delayer()) {
                for (int attempt = 1; attempt <= 3; attempt++) {
                    rig.shift.addAndGet(5000L << (attempt - 1));
                    int wanted = 500 * attempt;
                    deliveries.await(
                            "attempt " + attempt, all -> rig.deliveries(all).size() >= wanted);
                }
                rig.awaitWalks();
                Map<DeviceKey, Set<Integer>> attempts = new HashMap<>();
                for (Delivery delivery : rig.deliveries(deliveries.poll())) {
                    Delivery.Redeliver redeliver = (Delivery.Redeliver) delivery;
                    assertThat(
                                    attempts.computeIfAbsent(
                                                    redeliver.device(), d -> new HashSet<>())
                                            .add(redeliver.attempt()))
                            .as("%s", redeliver)
                            .isTrue();
                }
                assertThat(attempts).hasSize(500);
                assertThat(attempts.values()).allMatch(Set.of(1, 2, 3)::equals);
            }
        }
    }

    @Test
    void unregistersTheSessionsOfADeadNode() throws Exception {
        try (Rig rig = new Rig(8);
                TopicReader deliveries = Rig.reader(Topics.DELIVERIES);
                Delayer delayer = rig.delayer()) {
            Route route = rig.register("d");
            DeviceKey device = rig.device("d");
            rig.offer("m", LONG, List.of("d"));
            assertThat(Rig.get(rig.mailbox.route(device))).contains(route);
            // The first claim only notices that the lease is missing: no node dies of one look.
            rig.shift.addAndGet(5000);
            deliveries.await("the benefit of the doubt", all -> !rig.deliveries(all).isEmpty());
            assertThat(Rig.get(rig.mailbox.route(device))).contains(route);
            // Some refreshes later it is dead. Those take real time; walks are the measure of it.
            while (Rig.get(rig.mailbox.route(device)).isPresent()) {
                rig.shift.addAndGet(80_000);
                rig.awaitWalks();
                assertThat(rig.count(DelayerMeters.EXHAUSTED)).isZero();
            }
            await("counted").until(() -> rig.count(DelayerMeters.UNREGISTERED) == 1);
            deliveries.await(
                    "word to the node, in case it lives",
                    all -> rig.deliveries(all).size() == rig.total(DelayerMeters.REDELIVERIES) + 1);
            assertThat(Rig.get(rig.mailbox.fetch(device, Position.NONE, 10)).entries())
                    .extracting(entry -> entry.message().id())
                    .containsExactly("m");
        }
    }

    @Test
    void sweepsExpiredMessages() throws Exception {
        try (Rig rig = new Rig(8);
                TopicReader receipts = Rig.reader(Topics.RECEIPTS);
                Delayer delayer = rig.delayer()) {
            rig.offer("short", Duration.ofSeconds(60), List.of("d", "e"));
            rig.offer("long", LONG, List.of("d"));
            rig.shift.addAndGet(61_000);
            assertThat(
                            rig.receipts(
                                    receipts.await(
                                            "expired", all -> rig.receipts(all).size() >= 2)))
                    .extracting(r -> r.id() + " " + r.device() + " " + r.status())
                    .containsExactlyInAnyOrder("short d EXPIRED", "short e EXPIRED");
            assertThat(Rig.get(rig.mailbox.fetch(rig.device("d"), Position.NONE, 10)).entries())
                    .extracting(entry -> entry.message().id())
                    .containsExactly("long");
            await("outbox").until(() -> everyPending(rig, Duration.ZERO) == 0);
        }
    }

    @Test
    void publishesTheReceiptsOfADeadProducer() throws Exception {
        try (Rig rig = new Rig(8);
                TopicReader receipts = Rig.reader(Topics.RECEIPTS)) {
            rig.offer("short", Duration.ofSeconds(60), List.of("a", "b", "c"));
            rig.shift.addAndGet(61_000);
            // A delayer that took them out of the inbox and died before Kafka had them.
            int taken = 0;
            for (int shard = 0; shard < rig.mailbox.shards(); shard++) {
                taken += Rig.get(rig.mailbox.expire(shard, 100)).size();
            }
            assertThat(taken).isEqualTo(3);
            try (Delayer delayer = rig.delayer()) {
                double before = rig.count(DelayerMeters.CHECKS, "kind", "sweep");
                await("a sweep or two")
                        .until(
                                () ->
                                        rig.count(DelayerMeters.CHECKS, "kind", "sweep")
                                                >= before + 4.0 * rig.mailbox.shards());
                // Too young: their producer may be about to.
                assertThat(rig.receipts(receipts.poll())).isEmpty();
                rig.shift.addAndGet(31_000);
                assertThat(
                                rig.receipts(
                                        receipts.await(
                                                "swept", all -> rig.receipts(all).size() >= 3)))
                        .extracting(r -> r.id() + " " + r.device() + " " + r.status())
                        .containsExactlyInAnyOrder(
                                "short a EXPIRED", "short b EXPIRED", "short c EXPIRED");
                await("outbox").atMost(PATIENCE).until(() -> everyPending(rig, Duration.ZERO) == 0);
                assertThat(rig.count(DelayerMeters.SWEPT)).isEqualTo(3);
            }
        }
    }

    @Test
    void finishesACutWhoseDelayerDied() throws Exception {
        try (Rig rig = new Rig(8);
                TopicReader deliveries = Rig.reader(Topics.DELIVERIES);
                TopicReader receipts = Rig.reader(Topics.RECEIPTS)) {
            rig.lease();
            Route route = rig.register("d");
            rig.register("e");
            rig.offer("m", LONG, List.of("d", "e"));
            // A delayer that claimed up to the end, and died before it handed anything on.
            for (int round = 0; round < 6; round++) {
                rig.shift.addAndGet(100_000);
                for (int shard = 0; shard < rig.mailbox.shards(); shard++) {
                    Rig.get(rig.mailbox.claim(shard, 100));
                }
            }
            assertThat(Rig.get(rig.mailbox.route(rig.device("d")))).isEmpty();
            rig.register("e"); // came back by itself
            rig.shift.addAndGet(31_000);
            try (Delayer delayer = rig.delayer()) {
                assertThat(
                                rig.receipts(
                                        receipts.await(
                                                "swept", all -> rig.receipts(all).size() >= 2)))
                        .extracting(r -> r.id() + " " + r.device() + " " + r.status())
                        .containsExactlyInAnyOrder("m d UNACKED", "m e UNACKED");
                await("outbox").until(() -> everyPending(rig, Duration.ZERO) == 0);
                assertThat(
                                rig.deliveries(deliveries.poll()).stream()
                                        .filter(Delivery.Disconnect.class::isInstance)
                                        .distinct())
                        .containsExactly(
                                new Delivery.Disconnect(
                                        rig.device("d"), route, CloseReason.TOO_SLOW));
            }
        }
    }

    @Test
    void aDrainGivesBackWhatItCouldNotHandOn() throws Exception {
        try (TestKafka kafka = TestKafka.start();
                Rig rig = new Rig(8);
                TopicReader deliveries = Rig.reader(Topics.DELIVERIES)) {
            KafkaTopics.ensure(
                    kafka.config(3),
                    Map.of(Topics.DELIVERIES, Map.of(), Topics.RECEIPTS, Map.of()));
            rig.lease();
            List<String> devices = new ArrayList<>();
            List<Delivery> expected = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                devices.add("d" + i);
                expected.add(new Delivery.Redeliver(rig.device("d" + i), rig.register("d" + i), 1));
            }
            rig.offer("m", LONG, devices);
            try (Delayer stuck = rig.delayer(kafka)) {
                await("connected").atMost(PATIENCE).until(() -> stuck.health().isReady());
                kafka.stop();
                rig.shift.addAndGet(6_000);
                await("claimed").until(() -> rig.count(DelayerMeters.CLAIMS) > 0);
                stuck.drain(Deadline.in(Duration.ofSeconds(3), Ticker.system()));
                assertThat(rig.count(DelayerMeters.RELEASED))
                        .isEqualTo(rig.count(DelayerMeters.CLAIMS));

                // Another one takes them at once, as the first attempt, with no time passing.
                try (Delayer next = rig.delayer()) {
                    deliveries.await(
                            "all of them", all -> rig.deliveries(all).size() >= devices.size());
                    assertThat(rig.deliveries(deliveries.poll()))
                            .containsExactlyInAnyOrderElementsOf(expected);
                    assertThat(next.health().isReady()).isTrue();
                }
            }
        }
    }

    @Test
    void aDrainHandsOnWhatIsClaimed() throws Exception {
        try (Rig rig = new Rig(64);
                TopicReader deliveries = Rig.reader(Topics.DELIVERIES)) {
            rig.lease();
            List<String> devices = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                devices.add("d" + i);
                rig.register("d" + i);
            }
            rig.offer("m", LONG, devices);
            double claimed;
            try (Delayer delayer = rig.delayer()) {
                rig.shift.addAndGet(6_000);
                await("has begun").until(() -> rig.count(DelayerMeters.CLAIMS) > 0);
                delayer.drain(Deadline.in(Duration.ofSeconds(10), Ticker.system()));
                claimed = rig.count(DelayerMeters.CLAIMS);
                assertThat(rig.redelivered()).isEqualTo(claimed);
            }
            assertThat(rig.count(DelayerMeters.RELEASED)).isZero();
            int wanted = (int) claimed;
            deliveries.await("what was claimed", all -> rig.deliveries(all).size() >= wanted);
            assertThat(rig.deliveries(deliveries.poll())).hasSize(wanted);
        }
    }

    private static int everyPending(Rig rig, Duration olderThan) throws Exception {
        int pending = 0;
        for (int shard = 0; shard < rig.mailbox.shards(); shard++) {
            pending += Rig.get(rig.mailbox.pending(shard, olderThan, 100)).size();
        }
        return pending;
    }
}
