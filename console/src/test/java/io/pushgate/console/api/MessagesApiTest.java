package io.pushgate.console.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.console.Rig;
import io.pushgate.console.Rig.Reply;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.ReceiptCodec;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.kafka.KafkaPublisher;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

class MessagesApiTest {
    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig();
        rig.live("n2", 1);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static Reply message(String id, String query) throws Exception {
        return rig.get("/v1/messages/%s/%s%s".formatted(rig.app, id, query));
    }

    private static JsonNode only(Reply reply) {
        assertThat(reply.status()).as("%s", reply).isEqualTo(200);
        assertThat(reply.json().path("devices")).as("%s", reply).hasSize(1);
        return reply.json().path("devices").path(0);
    }

    private static void push(String id, String device) throws Exception {
        Reply reply =
                rig.push(
                        """
                        {"id":"%s","app":"%s","to":{"device":"%s"},"data":1}"""
                                .formatted(id, rig.app, device));
        assertThat(reply.status()).as("%s", reply).isEqualTo(202);
    }

    @Test
    void aPushOverHttpIsKnownBeforeAnythingHappened() throws Exception {
        push("m1", "never");
        Reply reply = message("m1", "");
        JsonNode device = only(reply);
        assertThat(reply.json().path("request").path("offset").isIntegralNumber()).isTrue();
        assertThat(device.path("device").asText()).isEqualTo("never");
        assertThat(device.path("state").asText()).isEqualTo("unknown");
        assertThat(device.path("why").asText()).contains("no such device");
    }

    @Test
    void whatWaitsSaysWhy() throws Exception {
        rig.offer("offline", "m2");
        JsonNode never = only(message("m2", "?device=offline"));
        assertThat(never.path("state").asText()).isEqualTo("waiting");
        assertThat(never.path("why").asText()).isEqualTo("no such device: it has never connected");

        var session = rig.connect("offline", "n2");
        assertThat(only(message("m2", "?device=offline")).path("why").asText())
                .isEqualTo("session at node n2, not acked yet");

        var _ = Rig.get(rig.context.mailbox().unregister(rig.device("offline"), session.route()));
        assertThat(only(message("m2", "?device=offline")).path("why").asText())
                .startsWith("device offline since 20");
    }

    @Test
    void whatCameByAnotherLaneNamesItsTopic() throws Exception {
        rig.offer("lanes", "by-normal", "3:7");
        rig.offer("lanes", "by-bulk", "bulk:3:7");
        assertThat(firstStep("by-normal")).isEqualTo("partition 3, offset 7");
        assertThat(firstStep("by-bulk")).isEqualTo("push.requests.bulk, partition 3, offset 7");
    }

    private static String firstStep(String id) throws Exception {
        JsonNode device = only(message(id, "?device=lanes"));
        return device.path("steps").path(0).path("detail").asText();
    }

    @Test
    void aSessionAtADeadNodeIsSaidToBeOne() throws Exception {
        rig.connect("orphan", "dead");
        rig.offer("orphan", "m3");
        assertThat(only(message("m3", "?device=orphan")).path("why").asText())
                .isEqualTo("session at node dead, which does not answer any more");
    }

    @Test
    void whatLeftTheInboxIsDelivered() throws Exception {
        var session = rig.connect("acks", "n2");
        rig.offer("acks", "m4");
        var status = Rig.get(rig.context.mailbox().find(rig.device("acks"), "m4"));
        var waiting = (io.pushgate.mailbox.Found.Waiting) status;
        var _ =
                Rig.get(
                        rig.context
                                .mailbox()
                                .ack(
                                        List.of(
                                                new io.pushgate.mailbox.Ack(
                                                        rig.device("acks"),
                                                        session.route(),
                                                        waiting.position()))));
        JsonNode device = only(message("m4", "?device=acks"));
        assertThat(device.path("state").asText()).isEqualTo("delivered");
        assertThat(device.path("inferred").asBoolean()).isTrue();
    }

    @Test
    void receiptsAreTheIndexAndAFinalOneStays() throws Exception {
        try (KafkaPublisher kafka =
                new KafkaPublisher(rig.context.kafka(), "test", new SimpleMeterRegistry())) {
            publish(kafka, "a", Receipt.Status.ACCEPTED, 1000);
            publish(kafka, "b", Receipt.Status.EXPIRED, 2000);
            publish(kafka, "b", Receipt.Status.UNACKED, 3000);
            publish(kafka, "a", Receipt.Status.DELIVERED, 4000);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    message("m5", "")
                                                            .json()
                                                            .path("states")
                                                            .path("delivered")
                                                            .asInt())
                                            .isEqualTo(1));
        }
        JsonNode json = message("m5", "").json();
        assertThat(json.path("states").path("expired").asInt()).isEqualTo(1);
        assertThat(json.path("devices").path(1).path("state").asText()).isEqualTo("expired");
        assertThat(json.path("devices").path(1).path("at").asLong()).isEqualTo(2000);
    }

    private static void publish(KafkaPublisher kafka, String device, Receipt.Status status, long at)
            throws Exception {
        Receipt receipt = new Receipt("m5", rig.app, device, status, at, 0, null);
        var _ =
                Rig.get(
                        kafka.send(
                                Topics.RECEIPTS,
                                "m5".getBytes(UTF_8),
                                ReceiptCodec.encode(receipt),
                                List.of()));
    }

    @Test
    void whatWaitsForItsTimeSaysWhen() throws Exception {
        long tomorrow = System.currentTimeMillis() + Duration.ofDays(1).toMillis();
        Reply reply =
                rig.push(
                        """
                        {"id":"m6","app":"%s","to":{"device":"d"},"data":1,"deliverAt":%d}"""
                                .formatted(rig.app, tomorrow));
        assertThat(reply.status()).as("%s", reply).isEqualTo(202);
        JsonNode device = only(message("m6", ""));
        assertThat(device.path("state").asText()).isEqualTo("scheduled");
        assertThat(device.path("why").asText()).startsWith("to be delivered at 20");
    }

    @Test
    void aPushFromKafkaIsKnownByItsTarget() throws Exception {
        rig.note("m7", "noted");
        rig.offer("noted", "m7");
        JsonNode device = only(message("m7", ""));
        assertThat(device.path("device").asText()).isEqualTo("noted");
        assertThat(device.path("state").asText()).isEqualTo("waiting");
    }

    @Test
    void whatNobodyKnowsIsNotFound() throws Exception {
        assertThat(message("nothing", "").problem()).isEqualTo("no-such-message");
        assertThat(message("nothing", "?device=d").problem()).isEqualTo("no-such-message");
        assertThat(message("nothing", "?devices=d").problem()).isEqualTo("invalid-request");
    }
}
