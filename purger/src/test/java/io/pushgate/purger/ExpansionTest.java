package io.pushgate.purger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.mailbox.Page;
import io.pushgate.mailbox.Recall;
import io.pushgate.mailbox.ReceiptPublisher;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Priority;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.kafka.KafkaPublisher;
import io.pushgate.testkit.Seeds;
import io.pushgate.testkit.TestKafka;
import io.pushgate.testkit.TestRedis;
import io.pushgate.testkit.TopicReader;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Requests to groups and apps, between real Kafka and real Redis. */
class ExpansionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CHUNK = 50;
    private static final String LOSE_ALL_BUT_CURSORS =
            """
            for _, key in ipairs(redis.call('KEYS', '*')) do
                if not string.find(key, 'expansion:', 1, true) then
                    redis.call('DEL', key)
                end
            end
            """;

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
    void aSmallGroupIsOfferedAtOnceByPlatform() throws Exception {
        rig.register("till", "pos", null);
        rig.register("desk", "pc", null);
        join("g", List.of("till", "desk", "never-seen"));
        try (TopicReader receipts = reader(Topics.RECEIPTS);
                Purger _ = purger()) {
            rig.send(toGroup("all", "g", ""));
            rig.send(toGroup("pos", "g", ",\"platform\":[\"pos\"]"));
            rig.send(toGroup("web", "g", ",\"platform\":[\"web\"]"));
            rig.send(toGroup("none", "nobody", ""));
            await().atMost(PATIENCE).until(() -> rig.inbox("never-seen").size() == 3);
            assertThat(rig.inbox("till")).containsExactly("all", "pos");
            assertThat(rig.inbox("desk")).containsExactly("all");
            List<Receipt> rejected =
                    rig.receipts(receipts.await("receipt", all -> !rig.receipts(all).isEmpty()));
            assertThat(rejected)
                    .extracting(Receipt::id, Receipt::status, Receipt::reason)
                    .containsExactly(
                            tuple("none", Receipt.Status.REJECTED, "no such group or empty"));
        }
        assertThat(rig.count(PurgerMeters.EXPANSIONS)).isZero();
    }

    @Test
    void everybodyOfAnAppAndALongListAreExpanded() throws Exception {
        List<String> devices = names(7 * CHUNK / 2);
        join("g", devices);
        try (Purger _ = purger()) {
            // With a key to be replaced by, as what is for all goes by the log otherwise.
            rig.send(rig.request("everybody", "{\"all\":true}", ",\"collapse\":\"a\""));
            rig.send(
                    rig.request(
                            "listed",
                            "{\"devices\":[\"" + String.join("\",\"", devices) + "\"]}",
                            ""));
            rig.send(
                    rig.request(
                            "nobody",
                            "{\"all\":true,\"platform\":[\"web\"]}",
                            ",\"collapse\":\"b\""));
            await().atMost(PATIENCE).until(() -> open() == 0 && finished() == 3);
        }
        // Who never connected may be of any platform.
        assertThat(inboxes(devices).values())
                .allSatisfy(
                        ids ->
                                assertThat(ids)
                                        .containsExactlyInAnyOrder(
                                                "everybody", "listed", "nobody"));
        assertThat(rig.count(PurgerMeters.CHUNKS)).isGreaterThanOrEqualTo(12);
    }

    /** At this pace bulk to 100 devices would take 100 s. */
    @Test
    void bulkTakesItsTimeAndHoldsUpNobody() throws Exception {
        List<String> devices = names(100);
        join("g", devices);
        try (Purger _ = rig.purger(config(1))) {
            rig.sendTo(Topics.requests(Priority.BULK), bulk("slow", "g"));
            await().atMost(PATIENCE).until(() -> rig.count(PurgerMeters.PACED) >= 1);
            rig.send(toGroup("quick", "g", ""));
            await().atMost(PATIENCE).until(() -> finished() == 1);
            assertThat(rig.count(PurgerMeters.PACED)).isLessThan(60.0);
        }
        Map<String, List<String>> inboxes = inboxes(devices);
        assertThat(inboxes.values()).allSatisfy(ids -> assertThat(ids).contains("quick"));
        assertThat(holding("slow", inboxes)).isBetween(1L, 60L);
        try (Purger _ = purger()) {
            await().atMost(PATIENCE)
                    .until(() -> holding("slow", inboxes(devices)) == devices.size());
        }
        assertThat(inboxes(devices).values())
                .allSatisfy(ids -> assertThat(ids).containsExactlyInAnyOrder("slow", "quick"));
    }

    /** Thirty chunks, and a purger that goes away every so many. */
    @Test
    void whoeverGetsItNextGoesOnWhereItWas() throws Exception {
        List<String> devices = names(30 * CHUNK);
        join("g", devices);
        rig.send(toGroup("m", "g", ""));
        int deaths = 0;
        for (int chunks = 7; chunks <= 21; chunks += 7) {
            int until = chunks;
            try (Purger _ = purger()) {
                await().atMost(PATIENCE).until(() -> rig.count(PurgerMeters.CHUNKS) >= until);
            }
            deaths++;
        }
        try (Purger last = purger()) {
            await().atMost(PATIENCE).until(() -> finished() >= 1);
            last.drain(Deadline.in(PATIENCE, Ticker.system()));
        }
        assertThat(inboxes(devices).values())
                .allSatisfy(ids -> assertThat(ids).containsExactly("m"));
        // A purger that dies may not see the answers to its last offers, and repeats them at most.
        double seen = rig.count(PurgerMeters.OFFERS, "outcome", "accepted");
        assertThat(seen)
                .isBetween((double) devices.size() - deaths * CHUNK, (double) devices.size());
        assertThat(rig.count(PurgerMeters.OFFERS, "outcome", "repeated"))
                .isBetween(devices.size() - seen, (double) deaths * CHUNK);
    }

    @Test
    void ofThoseWhoComeAndGoMeanwhileWhoStaysGetsItOnce() throws Exception {
        Random random = Seeds.random();
        List<String> devices = names(20 * CHUNK);
        join("g", devices);
        Set<String> staying = new HashSet<>(devices);
        try (Purger _ = purger()) {
            rig.send(toGroup("m", "g", ""));
            while (finished() == 0) {
                String name = "d" + random.nextInt(2 * devices.size());
                if (random.nextBoolean()) {
                    staying.remove(name);
                    get(rig.mailbox.groups().leave(rig.device(name), "g").toCompletableFuture());
                } else {
                    get(rig.mailbox.groups().join(rig.device(name), "g").toCompletableFuture());
                }
            }
        }
        assertThat(inboxes(List.copyOf(staying)).values())
                .allSatisfy(ids -> assertThat(ids).containsExactly("m"));
        assertThat(inboxes(names(2 * devices.size())).values())
                .allSatisfy(ids -> assertThat(ids).hasSizeLessThanOrEqualTo(1));
    }

    /** Some have been offered it, some not: each ends with one receipt that says recalled. */
    @Test
    void aRecallInTheMidstReachesThoseBeforeAndThoseToCome() throws Exception {
        List<String> devices = names(30 * CHUNK);
        join("g", devices);
        try (KafkaPublisher kafka =
                        new KafkaPublisher(rig.kafka, "console", new SimpleMeterRegistry());
                TopicReader receipts = reader(Topics.RECEIPTS);
                Purger _ = purger()) {
            rig.send(rig.request("m", "{\"group\":\"g\"}", ",\"receipt\":true"));
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> rig.count(PurgerMeters.CHUNKS) >= 1);
            ReceiptPublisher told =
                    new ReceiptPublisher(kafka, rig.mailbox, rig.context.bus(), rig.registry);
            Recall recall = new Recall(rig.mailbox, rig.context.bus(), told);
            assertThat(get(recall.recall(rig.app, "m").toCompletableFuture()).known()).isTrue();
            List<Receipt> ends =
                    finals(
                            receipts.await(
                                    "a final receipt of each",
                                    all -> finals(all).size() >= devices.size()));
            await().atMost(PATIENCE).until(() -> finished() == 1);
            assertThat(ends).extracting(Receipt::status).containsOnly(Receipt.Status.RECALLED);
            assertThat(ends)
                    .extracting(Receipt::device)
                    .containsExactlyInAnyOrderElementsOf(devices);
        }
        assertThat(inboxes(devices).values()).allSatisfy(ids -> assertThat(ids).isEmpty());
    }

    private List<Receipt> finals(List<ConsumerRecord<byte[], byte[]>> records) {
        return rig.receipts(records).stream()
                .filter(receipt -> receipt.status().isFinal())
                .toList();
    }

    @Test
    void urgentRequestsAndExpansionsPassALargeOne() throws Exception {
        List<String> devices = names(30 * CHUNK);
        join("large", devices);
        join("urgent", devices.subList(0, 3 * CHUNK));
        try (Purger _ = purger()) {
            rig.send(rig.request("bulk", "{\"group\":\"large\"}", ",\"priority\":\"bulk\""));
            await().atMost(PATIENCE).until(() -> rig.count(PurgerMeters.CHUNKS) > 0);
            rig.send(rig.request("high", "{\"group\":\"urgent\"}", ",\"priority\":\"high\""));
            rig.send(rig.toDevice("direct", "alone"));
            await().atMost(PATIENCE).until(() -> finished() == 2);
        }
        assertThat(rig.inbox("alone")).containsExactly("direct");
        assertThat(inboxes(devices).values()).allSatisfy(ids -> assertThat(ids).contains("bulk"));
        assertThat(inboxes(devices.subList(0, 3 * CHUNK)).values())
                .allSatisfy(ids -> assertThat(ids).contains("high"))
                .as("passed the large one, which was under way")
                .anySatisfy(ids -> assertThat(ids).containsExactly("high", "bulk"));
    }

    @Test
    void thoseToOneGroupKeepTheirOrder() throws Exception {
        List<String> devices = names(3 * CHUNK);
        join("g", devices);
        List<String> ids = new ArrayList<>();
        try (Purger _ = purger()) {
            for (int i = 0; i < 10; i++) {
                ids.add("m" + i);
                rig.send(toGroup("m" + i, "g", ""));
            }
            await().atMost(PATIENCE).until(() -> finished() == 10);
        }
        assertThat(inboxes(devices).values())
                .allSatisfy(found -> assertThat(found).containsExactlyElementsOf(ids));
    }

    /** The cursor outlives what it stands for, as it may in a failover. */
    @Test
    void whatRedisLostIsOfferedAgain() throws Exception {
        List<String> devices = names(250);
        try (TestRedis own = TestRedis.start();
                Rig onItsOwn = new Rig(own.uri(), TestKafka.shared().bootstrapServers());
                Purger purger = onItsOwn.purger(config())) {
            String list = "{\"devices\":[\"" + String.join("\",\"", devices) + "\"]}";
            onItsOwn.send(onItsOwn.request("m", list, ""));
            await().atMost(PATIENCE)
                    .until(() -> onItsOwn.count(PurgerMeters.EXPANDED, "outcome", "done") == 1);
            own.command("EVAL", LOSE_ALL_BUT_CURSORS, "0");
            assertThat(onItsOwn.inbox("d0")).isEmpty();
            purger.replay();
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> {
                                for (String device : devices) {
                                    assertThat(onItsOwn.inbox(device)).containsExactly("m");
                                }
                            });
            purger.drain(Deadline.in(PATIENCE, Ticker.system())); // all that was read again, too
        }
    }

    @Test
    void eachLaneIsTakenAndADeliveryGoesToThatOfItsPriority() throws Exception {
        rig.register("d", "pos", null);
        try (TopicReader high = reader(Topics.DELIVERIES + ".high");
                TopicReader bulk = reader(Topics.DELIVERIES + ".bulk");
                Purger _ = purger()) {
            rig.send(rig.request("h", "{\"device\":\"d\"}", ",\"priority\":\"high\""));
            rig.send(rig.request("b", "{\"device\":\"d\"}", ",\"priority\":\"bulk\""));
            high.await("high", all -> rig.deliveries(all).size() == 1);
            bulk.await("bulk", all -> rig.deliveries(all).size() == 1);
            rig.sendTo(Topics.REQUESTS + ".high", rig.toDevice("by-high", "d"));
            rig.sendTo(Topics.REQUESTS + ".bulk", rig.toDevice("by-bulk", "d"));
            await().atMost(PATIENCE).until(() -> rig.inbox("d").size() == 4);
        }
    }

    @Test
    void whatIsNoExpansionIsLetGo() throws Exception {
        join("g", names(2 * CHUNK));
        try (Purger _ = purger()) {
            rig.sendTo(Topics.EXPANSIONS, "nonsense");
            rig.sendTo(Topics.EXPANSIONS, toGroup("without-headers", "g", ""));
            rig.send(toGroup("m", "g", ""));
            await().atMost(PATIENCE).until(() -> finished() == 1);
            assertThat(rig.count(PurgerMeters.EXPANDED, "outcome", "malformed")).isEqualTo(2);
        }
    }

    private Purger purger() {
        return rig.purger(config());
    }

    private static PurgerConfig config() {
        return config(1_000_000);
    }

    private static PurgerConfig config(int bulkPerSecond) {
        PurgerConfig usual = Rig.CONFIG;
        return new PurgerConfig(
                usual.group(),
                usual.maxPollRecords(),
                usual.maxInFlight(),
                usual.maxUnacknowledged(),
                usual.maxOffers(),
                usual.retryFirst(),
                usual.retryMost(),
                usual.replayAfterFailover(),
                usual.groupLogAbove(),
                new PurgerConfig.ExpansionConfig(CHUNK, 1000, bulkPerSecond));
    }

    private String bulk(String id, String group) {
        return rig.request(id, "{\"group\":\"" + group + "\"}", ",\"priority\":\"bulk\"");
    }

    private String toGroup(String id, String group, String more) {
        return rig.request(id, "{\"group\":\"" + group + "\"" + more + "}", "");
    }

    private double finished() {
        return rig.count(PurgerMeters.EXPANDED, "outcome", "done");
    }

    private double open() {
        return rig.registry.get(PurgerMeters.EXPANDING.meterName()).gauge().value();
    }

    private static List<String> names(int count) {
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add("d" + i);
        }
        return names;
    }

    private void join(String group, List<String> devices) throws Exception {
        List<CompletableFuture<?>> joins = new ArrayList<>();
        for (String device : devices) {
            joins.add(rig.mailbox.groups().join(rig.device(device), group).toCompletableFuture());
            if (joins.size() == 200) {
                get(CompletableFuture.allOf(joins.toArray(CompletableFuture[]::new)));
                joins.clear();
            }
        }
        get(CompletableFuture.allOf(joins.toArray(CompletableFuture[]::new)));
    }

    private static long holding(String id, Map<String, List<String>> inboxes) {
        return inboxes.values().stream().filter(ids -> ids.contains(id)).count();
    }

    /** The ids that wait for each of the devices, in order. */
    private Map<String, List<String>> inboxes(List<String> devices) throws Exception {
        Map<String, List<String>> inboxes = new HashMap<>();
        for (int from = 0; from < devices.size(); from += CHUNK) {
            Map<String, CompletableFuture<Page>> pages = new HashMap<>();
            for (String name : devices.subList(from, Math.min(devices.size(), from + CHUNK))) {
                DeviceKey device = rig.device(name);
                pages.put(
                        name, rig.mailbox.fetch(device, Position.NONE, 100).toCompletableFuture());
            }
            for (Map.Entry<String, CompletableFuture<Page>> page : pages.entrySet()) {
                inboxes.put(
                        page.getKey(),
                        get(page.getValue()).entries().stream()
                                .map(e -> e.message().id())
                                .toList());
            }
        }
        return inboxes;
    }

    private static <T> T get(CompletableFuture<T> future)
            throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static TopicReader reader(String topic) {
        return TopicReader.fromEnd(TestKafka.shared().bootstrapServers(), topic);
    }
}
