package io.pushgate.purger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.protocol.Broadcast;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Ticker;
import io.pushgate.testkit.Seeds;
import io.pushgate.testkit.TestKafka;
import io.pushgate.testkit.TestRedis;
import io.pushgate.testkit.TopicReader;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;

/** The purger between real Kafka and real Redis. */
class PurgerTest {
    private static final TopicPartition PARTITION = new TopicPartition(Topics.REQUESTS, 0);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Rig rig;

    @BeforeEach
    void setUp() throws Exception {
        rig = new Rig(TestRedis.shared().uri(), TestKafka.shared().bootstrapServers());
    }

    @AfterEach
    void tearDown() {
        rig.close();
    }

    @Test
    void rejectsBadRecordsAndGoesOn() throws Exception {
        String big = "\"" + "x".repeat(65 * 1024) + "\"";
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put("this is no JSON", "JSON");
        bad.put(rig.request("unknown-field", "{\"device\":\"d\"}", ",\"colour\":1"), "colour");
        bad.put(
                """
                {"id":"big","app":"%s","to":{"device":"d"},"data":%s}"""
                        .formatted(rig.app, big),
                "data");
        bad.put(rig.request("two", "{\"device\":\"d\",\"user\":\"u\"}", ""), "to");
        bad.put(rig.request("bad id!", "{\"device\":\"d\"}", ""), "id");
        bad.put("x".repeat(200_000), "200000 bytes");
        Map<String, String> expected = new HashMap<>();
        Map<String, byte[]> originals = new HashMap<>();
        List<String> good = new ArrayList<>();
        try (TopicReader rejected = reader(Topics.REJECTED);
                TopicReader receipts = reader(Topics.RECEIPTS);
                Purger purger = rig.purger()) {
            for (Map.Entry<String, String> entry : bad.entrySet()) {
                String id = "good-" + good.size();
                rig.send(rig.toDevice(id, "d"));
                good.add(id);
                long offset = rig.send(entry.getKey()).offset();
                String source = "push.requests-0@" + offset;
                expected.put(source, entry.getValue());
                originals.put(source, entry.getKey().getBytes(UTF_8));
            }
            String tombstone = "push.requests-0@" + rig.send((byte[]) null).offset();
            expected.put(tombstone, "no value");
            originals.put(tombstone, new byte[0]);
            long last = rig.send(rig.toDevice("good-last", "d")).offset();
            good.add("good-last");

            List<ConsumerRecord<byte[], byte[]>> records =
                    rejected.await("rejected", all -> all.size() >= expected.size());

            Map<String, String> reasons = new HashMap<>();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                String source = header(record, Topics.SOURCE_HEADER);
                assertThat(reasons.put(source, header(record, Topics.REASON_HEADER))).isNull();
                assertThat(record.value()).isEqualTo(originals.get(source));
            }
            assertThat(reasons).containsOnlyKeys(expected.keySet());
            expected.forEach(
                    (source, word) -> assertThat(reasons.get(source)).as(source).contains(word));
            awaitCommitted(last + 1);
            assertThat(rig.inbox("d")).containsExactlyElementsOf(good);
            // Those whose id and app could be read, and only those.
            List<ConsumerRecord<byte[], byte[]>> told =
                    receipts.await("receipts", all -> rig.receipts(all).size() >= 3);
            assertThat(rig.receipts(told))
                    .allMatch(r -> r.status() == Receipt.Status.REJECTED && r.device() == null)
                    .extracting(Receipt::id)
                    .containsExactlyInAnyOrder("unknown-field", "big", "two");
        }
        assertThat(rig.count(PurgerMeters.REQUESTS)).isEqualTo(good.size() + expected.size());
    }

    @Test
    void takesTheSameIdOnce() throws Exception {
        Route route = rig.register("d", "pos", null).route();
        try (TopicReader deliveries = reader(Topics.DELIVERIES);
                TopicReader receipts = reader(Topics.RECEIPTS);
                Purger purger = rig.purger()) {
            String asking = rig.request("twice", "{\"device\":\"d\"}", ",\"receipt\":true");
            rig.send(asking);
            rig.send(asking);
            rig.send(rig.toDevice("twice", "d"));
            long last = rig.send(rig.toDevice("other", "d")).offset();
            awaitCommitted(last + 1);

            assertThat(rig.inbox("d")).containsExactly("twice", "other");
            List<Delivery.Push> pushes =
                    rig.deliveries(
                            deliveries.await("deliveries", r -> rig.deliveries(r).size() >= 2));
            assertThat(pushes).extracting(p -> p.message().id()).containsExactly("twice", "other");
            assertThat(pushes).allMatch(p -> p.route().equals(route));
            assertThat(pushes.get(1).previous()).isEqualTo(pushes.get(0).position());
            assertThat(rig.receipts(receipts.await("receipts", r -> rig.receipts(r).size() >= 2)))
                    .extracting(Receipt::status)
                    .containsExactly(Receipt.Status.ACCEPTED, Receipt.Status.DUPLICATE);
        }
    }

    @Test
    void carriesALargePayloadInTheFormInWhichItIsKept() throws Exception {
        rig.register("d", "pos", null);
        String data = "[" + "12345,".repeat(500) + "0]";
        try (TopicReader deliveries = reader(Topics.DELIVERIES);
                Purger purger = rig.purger()) {
            rig.send(
                    """
                    {"id":"large","app":"%s","to":{"device":"d"},"data":%s}"""
                            .formatted(rig.app, data));
            Message carried =
                    rig.deliveries(deliveries.await("one", r -> rig.deliveries(r).size() >= 1))
                            .getFirst()
                            .message();
            assertThat(carried.compressed()).isTrue();
            assertThat(carried.payload()).hasSizeLessThan(100);
            assertThat(rig.mailbox.payloads().unpack(rig.app, carried))
                    .extracting(Message::plainPayload)
                    .isEqualTo(data.getBytes(UTF_8));
        }
    }

    @Test
    void putsWhatIsForAllIntoOneLogAndHandsItOnOnce() throws Exception {
        LogKey log = LogKey.all(rig.app);
        for (int i = 0; i < 20; i++) {
            rig.register("d" + i, "pos", null);
        }
        try (TopicReader deliveries = reader(Topics.DELIVERIES);
                TopicReader receipts = reader(Topics.RECEIPTS);
                Purger purger = rig.purger()) {
            String asking =
                    rig.request(
                            "sale", "{\"all\":true,\"platform\":[\"pos\"]}", ",\"receipt\":true");
            rig.send(asking);
            rig.send(asking);
            rig.sendAt(
                    System.currentTimeMillis() - 3_600_000,
                    rig.request("stale", "{\"all\":true}", ",\"ttl\":60"));
            long last = rig.send(rig.request("next", "{\"all\":true}", "")).offset();
            awaitCommitted(last + 1);

            List<Broadcast> handedOn =
                    rig.broadcasts(
                            deliveries.await("broadcasts", r -> rig.broadcasts(r).size() >= 2));
            assertThat(handedOn).extracting(b -> b.message().id()).containsExactly("sale", "next");
            assertThat(handedOn.getFirst().platforms()).containsExactly("pos");
            assertThat(handedOn.getLast().previous()).isEqualTo(handedOn.getFirst().position());
            assertThat(rig.mailbox.logs().fetch(log, Position.NONE, 10).toCompletableFuture().get())
                    .satisfies(page -> assertThat(page.entries()).isEqualTo(handedOn));
            assertThat(rig.receipts(receipts.await("receipts", r -> rig.receipts(r).size() >= 3)))
                    .allMatch(r -> r.device() == null)
                    .extracting(r -> r.id() + ": " + r.status().wireName())
                    .containsExactlyInAnyOrder(
                            "sale: accepted", "sale: duplicate", "stale: expired");
            assertThat(rig.inbox("d0")).isEmpty();
        }
        assertThat(rig.count(PurgerMeters.BROADCASTS, "outcome", "accepted")).isEqualTo(2);
    }

    /** Whichever way it went first, also when its group has grown or shrunk meanwhile. */
    @Test
    void putsWhatIsForALargeGroupIntoItsLogAndWhatIsForASmallOneIntoInboxes() throws Exception {
        LogKey log = LogKey.group(rig.app, "g");
        members(0, 4);
        try (Purger purger = rig.purger(Rig.withGroupLogAbove(3))) {
            rig.send(toGroup("sale", ""));
            rig.send(toGroup("second", ""));
            awaitCommitted(rig.send(toGroup("newest", ",\"collapse\":\"k\"")).offset() + 1);
            for (int i = 2; i < 4; i++) {
                rig.mailbox.groups().leave(rig.device("d" + i), "g").toCompletableFuture().get();
            }
            rig.send(toGroup("small", ""));
            awaitCommitted(rig.send(toGroup("sale", "")).offset() + 1);
            members(2, 4);
            rig.send(toGroup("small", ""));
            awaitCommitted(rig.send(toGroup("large-again", "")).offset() + 1);
        }
        assertThat(
                        rig.mailbox
                                .logs()
                                .fetch(log, Position.NONE, 10)
                                .toCompletableFuture()
                                .get()
                                .entries())
                .extracting(entry -> entry.message().id())
                .containsExactly("sale", "second", "large-again");
        assertThat(rig.inbox("d0")).containsExactly("newest", "small");
        assertThat(rig.inbox("d3")).containsExactly("newest", "small");
    }

    private void members(int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            rig.mailbox.groups().join(rig.device("d" + i), "g").toCompletableFuture().get();
        }
    }

    private String toGroup(String id, String more) {
        return rig.request(id, "{\"group\":\"g\"}", more);
    }

    @Test
    void resolvesUsersAndTheirPlatforms() throws Exception {
        rig.register("till", "pos", "ann");
        rig.register("desk", "pc", "ann");
        rig.register("other", "pc", "bob");
        try (TopicReader receipts = reader(Topics.RECEIPTS);
                Purger purger = rig.purger()) {
            rig.send(rig.request("to-ann", "{\"user\":\"ann\"}", ""));
            rig.send(rig.request("to-pc", "{\"user\":\"ann\",\"platform\":[\"pc\"]}", ""));
            rig.send(rig.request("to-web", "{\"user\":\"ann\",\"platform\":[\"web\"]}", ""));
            rig.send(rig.request("nobody", "{\"user\":\"eve\"}", ""));
            rig.send(rig.request("list", "{\"devices\":[\"till\",\"desk\",\"new\"]}", ""));
            long last =
                    rig.send(
                                    rig.request(
                                            "named",
                                            "{\"devices\":[\"till\",\"desk\"],"
                                                    + "\"platform\":[\"pos\"]}",
                                            ""))
                            .offset();
            awaitCommitted(last + 1);

            assertThat(rig.inbox("till")).containsExactly("to-ann", "list", "named");
            assertThat(rig.inbox("desk")).containsExactly("to-ann", "to-pc", "list");
            assertThat(rig.inbox("new")).containsExactly("list");
            assertThat(rig.inbox("other")).isEmpty();
            assertThat(rig.receipts(receipts.await("receipts", r -> rig.receipts(r).size() >= 3)))
                    .extracting(r -> r.id() + ": " + r.status().wireName() + ", " + r.reason())
                    .containsExactlyInAnyOrder(
                            "nobody: rejected, no such user",
                            "to-web: rejected, the user has no device of the platforms asked for",
                            "named: rejected, the device is not of the platforms asked for");
        }
    }

    @Test
    void tellsOfWhatCameTooLate() throws Exception {
        try (TopicReader receipts = reader(Topics.RECEIPTS);
                Purger purger = rig.purger()) {
            long hourAgo = System.currentTimeMillis() - 3_600_000;
            rig.sendAt(hourAgo, rig.request("late", "{\"device\":\"d\"}", ",\"ttl\":3599"));
            long last =
                    rig.sendAt(hourAgo, rig.request("good", "{\"device\":\"d\"}", ",\"ttl\":3700"))
                            .offset();
            awaitCommitted(last + 1);
            assertThat(rig.inbox("d")).containsExactly("good");
            assertThat(rig.receipts(receipts.await("receipt", r -> !rig.receipts(r).isEmpty())))
                    .extracting(r -> r.id() + " " + r.status() + " " + r.device())
                    .containsExactly("late EXPIRED d");
        }
    }

    /** What a purger does that died after its offers and before its commit: all of it, again. */
    @Test
    void doesItAgainAfterAnUncommittedOffer() throws Exception {
        rig.register("d", "pos", null);
        long first;
        List<String> ids = new ArrayList<>();
        try (TopicReader deliveries = reader(Topics.DELIVERIES)) {
            try (Purger purger = rig.purger()) {
                first = rig.send(request("m0")).offset();
                ids.add("m0");
                for (int i = 1; i < 200; i++) {
                    ids.add("m" + i);
                }
                rig.sendAll(ids.subList(1, 200).stream().map(this::request).toList());
                awaitCommitted(first + 200);
                await("the other lanes").until(() -> purger.health().isReady());
                purger.drain(Deadline.in(Duration.ofSeconds(5), Ticker.system()));
            }
            commit(first);
            try (Purger purger = rig.purger()) {
                awaitCommitted(first + 200);
            }
            assertThat(rig.inbox("d")).containsExactlyElementsOf(ids);
            assertThat(rig.count(PurgerMeters.OFFERS, "outcome", "accepted")).isEqualTo(200);
            assertThat(rig.count(PurgerMeters.OFFERS, "outcome", "repeated")).isEqualTo(200);
            // The deliveries may have died with the first purger, so they are handed on again.
            List<Delivery.Push> pushes =
                    rig.deliveries(
                            deliveries.await("deliveries", r -> rig.deliveries(r).size() >= 400));
            for (int i = 0; i < 200; i++) {
                assertThat(pushes.get(200 + i).message().id()).isEqualTo(ids.get(i));
                assertThat(pushes.get(200 + i).position()).isEqualTo(pushes.get(i).position());
            }
        }
    }

    @Test
    void losesAndDoublesNothingWhenKilledAgainAndAgain() throws Exception {
        Random random = Seeds.random();
        int devices = 20;
        int perDevice = 200;
        for (int d = 0; d < devices; d++) {
            rig.register("d" + d, "pos", null);
        }
        List<String> requests = new ArrayList<>();
        for (int i = 0; i < perDevice; i++) {
            for (int d = 0; d < devices; d++) {
                requests.add(
                        rig.request(
                                "d" + d + "-" + i,
                                "{\"device\":\"d" + d + "\"}",
                                ",\"receipt\":true"));
            }
        }
        long first = rig.send("an opener that is rejected").offset();
        try (TopicReader receipts = reader(Topics.RECEIPTS)) {
            rig.sendAll(requests);
            for (int kill = 0; kill < 6; kill++) {
                // One that was slow to die may have read the rest.
                double enough =
                        Math.min(
                                rig.count(PurgerMeters.REQUESTS) + random.nextInt(1, 600),
                                requests.size());
                try (Purger purger = rig.purger()) {
                    await().pollInterval(Duration.ofMillis(1))
                            .atMost(PATIENCE)
                            .until(() -> rig.count(PurgerMeters.REQUESTS) >= enough);
                    // close without drain: what is in flight is torn away
                }
            }
            try (Purger purger = rig.purger()) {
                awaitCommitted(first + 1 + requests.size());
            }
            for (int d = 0; d < devices; d++) {
                List<String> expected = new ArrayList<>();
                for (int i = 0; i < perDevice; i++) {
                    expected.add("d" + d + "-" + i);
                }
                assertThat(rig.inbox("d" + d)).containsExactlyElementsOf(expected);
            }
            List<ConsumerRecord<byte[], byte[]>> told =
                    receipts.await(
                            "receipts",
                            r ->
                                    rig.receipts(r).stream().map(Receipt::id).distinct().count()
                                            >= requests.size());
            assertThat(rig.receipts(told)).allMatch(r -> r.status() == Receipt.Status.ACCEPTED);
        }
    }

    @Test
    void waitsForRedisToComeBack() throws Exception {
        try (TestRedis own = TestRedis.start();
                Rig away = new Rig(own.uri(), TestKafka.shared().bootstrapServers());
                Purger purger = away.purger()) {
            away.send(away.toDevice("before", "d"));
            await("the first").atMost(PATIENCE).until(() -> away.inbox("d").size() == 1);
            own.stop();
            List<String> ids = new ArrayList<>();
            List<String> requests = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                ids.add("m" + i);
                requests.add(away.toDevice("m" + i, "e"));
            }
            away.sendAll(requests);
            long last = away.send(away.toDevice("last", "f")).offset();
            await("unhealthy").atMost(PATIENCE).until(() -> !purger.health().isReady());
            await("retries")
                    .atMost(PATIENCE)
                    .until(() -> away.count(PurgerMeters.RETRIES, "call", "note") >= 3);
            own.restart();
            await("all of them")
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> away.inbox("e").size() == 1000);
            awaitCommitted(last + 1);
            assertThat(away.inbox("e")).containsExactlyElementsOf(ids);
            await("healthy").atMost(PATIENCE).until(() -> purger.health().isReady());
        }
    }

    @Test
    void waitsForKafkaToComeBack() throws Exception {
        try (TestKafka own = TestKafka.start();
                Rig away = new Rig(TestRedis.shared().uri(), own.bootstrapServers());
                TopicReader deliveries =
                        TopicReader.fromEnd(own.bootstrapServers(), Topics.DELIVERIES);
                Purger purger = away.purger()) {
            away.register("d", "pos", null);
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                ids.add("m" + i);
            }
            away.sendAll(ids.stream().map(id -> away.toDevice(id, "d")).toList());
            await("some").atMost(PATIENCE).until(() -> !away.inbox("d").isEmpty());
            own.stop();
            await("unhealthy").atMost(PATIENCE).until(() -> !purger.health().isReady());
            own.restart();
            List<ConsumerRecord<byte[], byte[]>> all =
                    deliveries.await(
                            "deliveries",
                            r ->
                                    away.deliveries(r).stream()
                                                    .map(p -> p.message().id())
                                                    .distinct()
                                                    .count()
                                            == 500);
            assertThat(away.deliveries(all).stream().map(p -> p.message().id()).distinct().toList())
                    .containsExactlyElementsOf(ids);
            assertThat(away.inbox("d")).containsExactlyElementsOf(ids);
            await("healthy").atMost(PATIENCE).until(() -> purger.health().isReady());
        }
    }

    private String request(String id) {
        return rig.toDevice(id, "d");
    }

    private static TopicReader reader(String topic) {
        return TopicReader.fromEnd(TestKafka.shared().bootstrapServers(), topic);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    private void awaitCommitted(long offset) throws Exception {
        try (Admin admin = Admin.create(admin())) {
            await("commit of " + offset)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> committed(admin) == offset);
        }
    }

    private static long committed(Admin admin) throws ExecutionException, InterruptedException {
        OffsetAndMetadata offset =
                admin.listConsumerGroupOffsets(Rig.CONFIG.group())
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .get(PARTITION);
        return offset == null ? -1 : offset.offset();
    }

    private void commit(long offset) throws Exception {
        try (Admin admin = Admin.create(admin())) {
            await("the group is empty")
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(
                            () -> {
                                admin.alterConsumerGroupOffsets(
                                                Rig.CONFIG.group(),
                                                Map.of(PARTITION, new OffsetAndMetadata(offset)))
                                        .all()
                                        .get();
                                return true;
                            });
        }
    }

    private static Map<String, Object> admin() {
        return Map.of("bootstrap.servers", TestKafka.shared().bootstrapServers());
    }
}
