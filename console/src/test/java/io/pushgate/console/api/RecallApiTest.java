package io.pushgate.console.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import io.pushgate.console.Rig;
import io.pushgate.console.Rig.Reply;
import io.pushgate.mailbox.Ack;
import io.pushgate.mailbox.Found;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Objects;

class RecallApiTest {
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

    private static JsonNode recall(String id) throws Exception {
        Reply reply = rig.send("DELETE", "/v1/messages/%s/%s".formatted(rig.app, id), null);
        assertThat(reply.status()).as("%s", reply).isEqualTo(200);
        return reply.json();
    }

    private static String state(String id) throws Exception {
        Reply reply = rig.get("/v1/messages/%s/%s".formatted(rig.app, id));
        return reply.json().path("devices").path(0).path("state").asText();
    }

    @Test
    void eachDeviceHasItsAnswer() throws Exception {
        rig.connect("online", "n2");
        rig.connect("acked", "n2");
        for (String device : List.of("away", "online", "acked")) {
            rig.note("m1", device);
            rig.offer(device, "m1");
        }
        ack("acked", "m1");
        rig.note("m1", "never");
        JsonNode json = recall("m1");
        assertThat(json.path("known").asBoolean()).isTrue();
        assertThat(json.path("states").path("recalled").asInt()).isEqualTo(2);
        assertThat(json.path("states").path("in flight").asInt()).isEqualTo(1);
        assertThat(json.path("states").path("already delivered").asInt()).isEqualTo(1);
        assertThat(json.path("devices").findValuesAsText("device"))
                .containsExactlyInAnyOrder("away", "online", "acked", "never");

        JsonNode again = recall("m1");
        assertThat(again.path("states").path("already ended").asInt()).isEqualTo(2);
        assertThat(again.path("devices").findValuesAsText("ended")).containsOnly("recalled");
    }

    @Test
    void theTimelineSaysSo() throws Exception {
        rig.note("m2", "d2");
        rig.offer("d2", "m2");
        assertThat(state("m2")).isEqualTo("waiting");
        recall("m2");
        assertThat(state("m2")).isEqualTo("recalled");
    }

    @Test
    void whatIsNotKnownYetIsRecalledOnArrival() throws Exception {
        JsonNode json = recall("m3");
        assertThat(json.path("known").asBoolean()).isFalse();
        assertThat(json.path("devices")).isEmpty();
    }

    @Test
    void anotherAppsMessageIsNotTheirs() throws Exception {
        assertThat(rig.send("DELETE", "/v1/messages/another/m1", null).problem())
                .isEqualTo("forbidden");
    }

    private static void ack(String device, String id) throws Exception {
        Found.Waiting waiting =
                (Found.Waiting) Rig.get(rig.context.mailbox().find(rig.device(device), id));
        var _ =
                Rig.get(
                        rig.context
                                .mailbox()
                                .ack(
                                        List.of(
                                                new Ack(
                                                        rig.device(device),
                                                        Objects.requireNonNull(waiting.route()),
                                                        waiting.position()))));
    }
}
