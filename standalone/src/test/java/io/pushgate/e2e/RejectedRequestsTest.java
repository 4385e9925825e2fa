package io.pushgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Topics;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Requests that can't be accepted are put aside with the reason, and those behind them go on. */
class RejectedRequestsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void eachIsPutAsideWithItsReasonAndThePartitionGoesOn() throws Exception {
        Map<String, String> wordByRequest = new LinkedHashMap<>();
        wordByRequest.put("this is no JSON", "JSON");
        wordByRequest.put(request("unknown", "\"colour\":1,", "{\"device\":\"d\"}", "1"), "colour");
        wordByRequest.put(
                request("big", "", "{\"device\":\"d\"}", "\"" + "x".repeat(65 * 1024) + "\""),
                "65536");
        wordByRequest.put(
                request("two", "", "{\"device\":\"d\",\"user\":\"u\"}", "1"), "exactly one");
        wordByRequest.put(request("bad id!", "", "{\"device\":\"d\"}", "1"), "id");
        wordByRequest.put("", "no value");

        try (Cluster cluster = new ClusterSettings().set("kafka.partitions", "1").start();
                TestDevice device = cluster.client("d")) {
            int good = 0;
            for (String bad : wordByRequest.keySet()) {
                cluster.publish("key", bad.getBytes(UTF_8));
                cluster.publish(cluster.request("good-" + good++, "d", "1"));
            }
            await().atMost(PATIENCE).until(() -> device.received() == wordByRequest.size());
            await().atMost(PATIENCE).until(() -> cluster.rejected().size() == wordByRequest.size());
            int at = 0;
            for (Map.Entry<String, String> bad : wordByRequest.entrySet()) {
                ConsumerRecord<byte[], byte[]> record = cluster.rejected().records().get(at);
                assertThat(new String(record.value(), UTF_8)).isEqualTo(bad.getKey());
                assertThat(header(record, Topics.REASON_HEADER))
                        .as("reason of request " + at)
                        .containsIgnoringCase(bad.getValue());
                assertThat(header(record, Topics.SOURCE_HEADER))
                        .isEqualTo(Topics.REQUESTS + "-0@" + 2 * at);
                at++;
            }
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(cluster.receipts().all())
                                            .filteredOn(r -> r.status() == Receipt.Status.REJECTED)
                                            .extracting(Receipt::id)
                                            .containsExactlyInAnyOrder("unknown", "big", "two"));
        }
    }

    private static String request(String id, String more, String to, String data) {
        return "{\"id\":\"%s\",\"app\":\"shop\",%s\"to\":%s,\"data\":%s}"
                .formatted(id, more, to, data);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }
}
