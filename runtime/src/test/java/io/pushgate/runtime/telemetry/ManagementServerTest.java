package io.pushgate.runtime.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.pushgate.runtime.Health;
import io.pushgate.runtime.Health.Check;
import io.pushgate.runtime.StartupException;
import io.pushgate.runtime.config.ManagementConfig;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicReference;

class ManagementServerTest {
    private enum Kind {
        BAD_FRAME
    }

    private final AtomicReference<Health> health = new AtomicReference<>(Health.of());
    private final Telemetry telemetry = new Telemetry();
    private final HttpClient client = HttpClient.newHttpClient();
    private ManagementServer server;

    @BeforeEach
    void start() throws StartupException {
        server = new ManagementServer(new ManagementConfig("127.0.0.1", 0), telemetry, health::get);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        telemetry.close();
    }

    @Test
    void metricsAreServedInThePrometheusFormat() throws Exception {
        new ErrorCounter(telemetry.registry(), "purger").count(Kind.BAD_FRAME);
        Meters.latency(telemetry.registry(), RuntimeMeters.CONSUMER_LAG)
                .record(java.time.Duration.ofMillis(3));

        HttpResponse<String> response = send("GET", "/metrics");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/plain; version=0.0.4");
        assertThat(response.body())
                .contains("pushgate_errors_total{kind=\"bad_frame\",role=\"purger\"} 1.0")
                .contains("pushgate_consumer_lag_seconds_bucket{le=\"0.005\"} 1")
                .contains("pushgate_consumer_lag_seconds_bucket{le=\"60.0\"} 1")
                .contains("jvm_memory_used_bytes");
    }

    @Test
    void readinessFollowsTheChecks() throws Exception {
        health.set(Health.of(Check.ok("redis", "answers")));
        assertThat(send("GET", "/health/ready").statusCode()).isEqualTo(200);

        health.set(
                Health.of(Check.ok("redis", "answers"), Check.failing("kafka", "away for 12 s")));
        HttpResponse<String> response = send("GET", "/health/ready");

        assertThat(response.statusCode()).isEqualTo(503);
        JsonNode body = new ObjectMapper().readTree(response.body());
        assertThat(body.path("ready").asBoolean(true)).isFalse();
        assertThat(body.at("/checks/1/name").asText()).isEqualTo("kafka");
        assertThat(body.at("/checks/1/ok").asBoolean(true)).isFalse();
        assertThat(body.at("/checks/1/detail").asText()).isEqualTo("away for 12 s");
    }

    @Test
    void livenessDoesNotAskTheChecks() throws Exception {
        health.set(Health.of(Check.failing("kafka", "away")));
        assertThat(send("GET", "/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void aCheckThatThrowsIsAnAnswerToo() throws Exception {
        server.close();
        server =
                new ManagementServer(
                        new ManagementConfig("127.0.0.1", 0),
                        telemetry,
                        () -> {
                            throw new IllegalStateException("bug");
                        });
        assertThat(send("GET", "/health/ready").statusCode()).isEqualTo(500);
        assertThat(send("GET", "/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void headHasNoBodyAndOtherMethodsAreRefused() throws Exception {
        HttpResponse<String> head = send("HEAD", "/health/ready");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();

        HttpResponse<String> post = send("POST", "/metrics");
        assertThat(post.statusCode()).isEqualTo(405);
        assertThat(post.headers().firstValue("Allow")).contains("GET, HEAD");

        assertThat(send("GET", "/").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/metrics/x").statusCode()).isEqualTo(404);
    }

    @Test
    void aTakenPortIsOneClearLine() {
        ManagementConfig taken = new ManagementConfig("127.0.0.1", server.port());

        assertThatThrownBy(() -> new ManagementServer(taken, telemetry, health::get))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("Management port " + server.port())
                .hasMessageContaining("Address already in use");
    }

    private HttpResponse<String> send(String method, String path)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        return client.send(
                HttpRequest.newBuilder(uri)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
