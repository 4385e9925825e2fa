package io.pushgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.pushgate.console.Console;
import io.pushgate.mailbox.ApiKeys;
import io.pushgate.protocol.Topics;
import io.pushgate.standalone.RoleKind;
import io.pushgate.testkit.TopicReader;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A push over HTTP, all the way and back. */
class ConsoleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String TO_D = "{\"device\":\"d\"}";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private String base = "";
    private String key = "";

    private JsonNode call(String method, String path, @Nullable String body) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .header("Authorization", "Bearer " + key)
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body))
                        .build();
        return JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
    }

    @Test
    void aPushIsDeliveredAndToldSo() throws Exception {
        ClusterSettings settings =
                new ClusterSettings().with(RoleKind.CONSOLE, 1).set("access.presence", "true");
        try (Cluster cluster = settings.start();
                TopicReader presence =
                        TopicReader.fromEnd(cluster.kafka().bootstrapServers(), Topics.PRESENCE);
                TestDevice device = cluster.client("d")) {
            signIn(cluster.members(RoleKind.CONSOLE).getFirst());
            await().atMost(PATIENCE).until(device::isConnected);

            assertThat(push("m1", TO_D).path("status").asText()).isEqualTo("accepted");
            await().atMost(PATIENCE).until(() -> device.ids().equals(List.of("m1")));
            awaitState("m1", "delivered");
            await().atMost(PATIENCE).until(() -> !story("m1").has("inferred"));
            assertThat(story("m1").path("steps").findValuesAsText("step"))
                    .containsExactlyInAnyOrder(
                            "accepted", "offered", "dispatched", "written", "delivered");

            // Once more, as after an answer that was lost: it is the same message.
            assertThat(push("m1", TO_D).path("status").asText()).isEqualTo("accepted");
            push("m2", TO_D);
            await().atMost(PATIENCE).until(() -> device.ids().contains("m2"));
            assertThat(device.ids()).containsExactly("m1", "m2");

            String member = "/v1/groups/%s/tills/devices/d".formatted(Cluster.APP);
            assertThat(call("PUT", member, null).path("member").asBoolean()).isTrue();
            push("to-tills", "{\"group\":\"tills\"}");
            await().atMost(PATIENCE).until(() -> device.ids().contains("to-tills"));
            assertThat(call("DELETE", member, null).path("member").asBoolean()).isFalse();

            String path = "/v1/devices/%s/d".formatted(Cluster.APP);
            assertThat(call("GET", path, null).path("online").asBoolean()).isTrue();
            JsonNode kicked = call("DELETE", path + "/session", null);
            assertThat(kicked.path("closed").asBoolean()).as("%s", kicked).isTrue();
            assertThat(call("GET", path, null).path("online").asBoolean()).isFalse();
            presence.await("both events", seen -> seen.size() == 2);
            assertThat(presence.poll())
                    .extracting(record -> JSON.readTree(record.value()).path("event").asText())
                    .containsExactly("connected", "disconnected");

            push("m3", TO_D);
            awaitState("m3", "waiting");
            assertThat(story("m3").path("why").asText()).startsWith("device offline since 20");
            JsonNode recalled = call("DELETE", messagePath("m3"), null);
            assertThat(recalled.path("states").path("recalled").asInt()).isEqualTo(1);
            awaitState("m3", "recalled");
        }
    }

    private void signIn(Member console) throws Exception {
        base = "http://127.0.0.1:" + ((Console) console.role()).port();
        ApiKeys keys = new ApiKeys(console.context().redis(), InstantSource.system());
        key = keys.generate();
        var _ =
                keys.add(key, Cluster.APP)
                        .toCompletableFuture()
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private JsonNode push(String id, String to) throws Exception {
        return call(
                "POST",
                "/v1/push",
                """
                {"id":"%s","app":"%s","to":%s,"data":{"a":1},"trace":true}"""
                        .formatted(id, Cluster.APP, to));
    }

    private static String messagePath(String id) {
        return "/v1/messages/%s/%s".formatted(Cluster.APP, id);
    }

    private void awaitState(String id, String state) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(story(id).path("state").asText()).isEqualTo(state));
    }

    private JsonNode story(String id) throws Exception {
        return call("GET", messagePath(id), null).path("devices").path(0);
    }
}
