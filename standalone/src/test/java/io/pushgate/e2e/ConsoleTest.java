package io.pushgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.pushgate.console.Console;
import io.pushgate.mailbox.ApiKeys;
import io.pushgate.standalone.RoleKind;

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
        try (Cluster cluster = new ClusterSettings().with(RoleKind.CONSOLE, 1).start();
                TestDevice device = cluster.client("d")) {
            Member console = cluster.members(RoleKind.CONSOLE).getFirst();
            base = "http://127.0.0.1:" + ((Console) console.role()).port();
            ApiKeys keys = new ApiKeys(console.context().redis(), InstantSource.system());
            key = keys.generate();
            var _ =
                    keys.add(key, Cluster.APP)
                            .toCompletableFuture()
                            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            await().atMost(PATIENCE).until(device::isConnected);

            JsonNode accepted =
                    call(
                            "POST",
                            "/v1/push",
                            """
                            {"id":"m1","app":"%s","to":{"device":"d"},"data":{"a":1},"trace":true}"""
                                    .formatted(Cluster.APP));
            assertThat(accepted.path("status").asText()).as("%s", accepted).isEqualTo("accepted");
            await().atMost(PATIENCE).until(() -> device.ids().equals(List.of("m1")));
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(message().path("state").asText())
                                            .isEqualTo("delivered"));
            assertThat(message().has("inferred")).isFalse();
            assertThat(message().path("steps").findValuesAsText("step"))
                    .containsExactlyInAnyOrder(
                            "accepted", "offered", "dispatched", "written", "delivered");

            String path = "/v1/devices/%s/d".formatted(Cluster.APP);
            assertThat(call("GET", path, null).path("online").asBoolean()).isTrue();
            JsonNode kicked = call("DELETE", path + "/session", null);
            assertThat(kicked.path("closed").asBoolean()).as("%s", kicked).isTrue();
            assertThat(call("GET", path, null).path("online").asBoolean()).isFalse();
        }
    }

    private JsonNode message() throws Exception {
        return call("GET", "/v1/messages/%s/m1".formatted(Cluster.APP), null)
                .path("devices")
                .path(0);
    }
}
