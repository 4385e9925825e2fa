package io.pushgate.console.api;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.console.Rig;
import io.pushgate.console.Rig.Reply;
import io.pushgate.protocol.Priority;
import io.pushgate.protocol.Topics;
import io.pushgate.testkit.TestKafka;
import io.pushgate.testkit.TopicReader;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.Map;

class PushApiTest {
    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static String push(String app, String id) {
        return """
               {"id":"%s","app":"%s","to":{"device":"pos-7"},"data":{"a": 1}}"""
                .formatted(id, app);
    }

    private static boolean isM1(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.value(), UTF_8).equals(push(rig.app, "m1"));
    }

    @Test
    void kafkaHasWhatWasAccepted() throws Exception {
        try (TopicReader requests =
                TopicReader.fromEnd(TestKafka.shared().bootstrapServers(), Topics.REQUESTS)) {
            Reply reply = rig.push(push(rig.app, "m1"));
            assertThat(reply.status()).as("%s", reply).isEqualTo(202);
            assertThat(reply.json().path("status").asText()).isEqualTo("accepted");
            var record =
                    requests
                            .await("the request", seen -> seen.stream().anyMatch(PushApiTest::isM1))
                            .stream()
                            .filter(PushApiTest::isM1)
                            .findFirst()
                            .orElseThrow();
            assertThat(record.partition()).isEqualTo(reply.json().path("partition").asInt());
            assertThat(record.offset()).isEqualTo(reply.json().path("offset").asLong());
            assertThat(new String(record.key(), UTF_8)).isEqualTo(rig.app + "/pos-7");
        }
    }

    @Test
    void eachPriorityHasItsOwnTopic() throws Exception {
        for (Priority priority : Priority.values()) {
            String request =
                    push(rig.app, "m-" + priority.wireName())
                            .replace(
                                    ",\"data\"",
                                    ",\"priority\":\"" + priority.wireName() + "\",\"data\"");
            try (TopicReader topic =
                    TopicReader.fromEnd(
                            TestKafka.shared().bootstrapServers(), Topics.requests(priority))) {
                assertThat(rig.push(request).status()).isEqualTo(202);
                topic.await(
                        priority + " request",
                        seen ->
                                seen.stream()
                                        .map(record -> new String(record.value(), UTF_8))
                                        .anyMatch(request::equals));
            }
        }
    }

    @Test
    void aListHasAResultForEach() throws Exception {
        String list =
                "[%s,\n {\"id\":\"bad\",\"app\":\"%s\",\"to\":{},\"data\":1}, 7, %s, %s]"
                        .formatted(
                                push(rig.app, "l1"),
                                rig.app,
                                push("another", "l2"),
                                push(rig.app, "l3 "));
        Reply reply = rig.push(list);
        assertThat(reply.status()).as("%s", reply).isEqualTo(202);
        assertThat(reply.json().path("accepted").asInt()).isEqualTo(1);
        var results = reply.json().path("results");
        assertThat(results).hasSize(5);
        assertThat(results.path(0).path("status").asText()).isEqualTo("accepted");
        assertThat(results.path(1).path("status").asText()).isEqualTo("rejected");
        assertThat(results.path(1).path("id").asText()).isEqualTo("bad");
        assertThat(results.path(1).path("type").asText()).endsWith(":invalid-request");
        assertThat(results.path(2).path("status").asText()).isEqualTo("rejected");
        assertThat(results.path(3).path("type").asText()).endsWith(":forbidden");
        assertThat(results.path(4).path("detail").asText()).contains("id must be");
    }

    @Test
    void theAnswerSaysWhatIsWrong() throws Exception {
        Reply reply = rig.push(push(rig.app, "m2").replace("\"data\"", "\"date\""));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.problem()).isEqualTo("invalid-request");
        assertThat(reply.json().path("id").asText()).isEqualTo("m2");
        assertThat(reply.json().path("detail").asText()).contains("unknown field \"date\"");
    }

    @Test
    void anAppKeyPublishesForItsAppOnly() throws Exception {
        assertThat(rig.push(push("another", "m3")).problem()).isEqualTo("forbidden");
        Reply reply =
                rig.send(
                        "POST",
                        "/v1/push",
                        push("another", "m3"),
                        rig.adminKey,
                        "application/json; charset=UTF-8");
        assertThat(reply.status()).as("%s", reply).isEqualTo(202);
    }

    @Test
    void aListIsBounded() throws Exception {
        String many = "[" + String.join(",", Collections.nCopies(1001, push(rig.app, "m"))) + "]";
        Reply reply = rig.push(many);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("detail").asText()).contains("1000 requests");
        assertThat(rig.push("[]").problem()).isEqualTo("invalid-request");
        assertThat(rig.push("[" + push(rig.app, "m")).problem()).isEqualTo("invalid-request");
    }

    @Test
    void rateAndQuotaAreKeptAtTheirEdges() throws Exception {
        try (Rig limited = new Rig(Map.of("pushes-per-second", "1", "pushes-per-day", "5"))) {
            assertThat(limited.push(push(limited.app, "r1")).status()).isEqualTo(202);
            assertThat(limited.push(push(limited.app, "r2")).status()).isEqualTo(202);
            Reply third = limited.push(push(limited.app, "r3"));
            assertThat(third.status()).as("%s", third).isEqualTo(429);
            assertThat(third.problem()).isEqualTo("rate-limited");
            assertThat(Integer.parseInt(third.header("Retry-After"))).isBetween(1, 2);
            String four =
                    "[" + String.join(",", Collections.nCopies(4, push(limited.app, "r4"))) + "]";
            Reply over = limited.push(four);
            assertThat(over.problem()).isEqualTo("quota-exceeded");
            assertThat(over.json().path("detail").asText()).contains("3 are left");
            assertThat(Integer.parseInt(over.header("Retry-After"))).isBetween(1, 86_400);
        }
    }
}
