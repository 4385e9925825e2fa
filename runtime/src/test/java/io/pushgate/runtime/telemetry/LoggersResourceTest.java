package io.pushgate.runtime.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.pushgate.runtime.Health;
import io.pushgate.runtime.StartupException;
import io.pushgate.runtime.config.ManagementConfig;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

class LoggersResourceTest {
    private static final Logger OURS = LoggerFactory.getLogger("io.pushgate.loggers.Test");
    private static final Logger LIBRARY = LoggerFactory.getLogger("org.example.loggers");

    private final Telemetry telemetry = new Telemetry();
    private final HttpClient client = HttpClient.newHttpClient();
    private ManagementServer server;

    @BeforeEach
    void start() throws StartupException {
        server = new ManagementServer(new ManagementConfig("127.0.0.1", 0), telemetry, Health::of);
    }

    @AfterEach
    void stop() throws Exception {
        put(OURS.getName(), "{\"level\":null}");
        put(LIBRARY.getName(), "{\"level\":null}");
        client.close();
        server.close();
        telemetry.close();
    }

    private HttpResponse<String> put(String name, String body) throws Exception {
        return send("PUT", "/loggers/" + name, body);
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return new ObjectMapper().readTree(response.body());
    }

    @Test
    void aLevelIsSeenChangedAndTakenBack() throws Exception {
        assertThat(OURS.isTraceEnabled()).isFalse();
        HttpResponse<String> changed = put(OURS.getName(), "{\"level\":\"TRACE\"}");
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(json(changed).path("effective").asText()).isEqualTo("trace");
        assertThat(OURS.isTraceEnabled()).isTrue();
        assertThat(json(send("GET", "/loggers", "")).path("loggers").findValuesAsText("name"))
                .contains(OURS.getName(), "ROOT");

        HttpResponse<String> back = put(OURS.getName(), "{\"level\":null}");
        assertThat(back.statusCode()).isEqualTo(200);
        assertThat(OURS.isTraceEnabled()).isFalse();
        JsonNode now = json(send("GET", "/loggers/" + OURS.getName(), ""));
        assertThat(now.path("level").isNull()).isTrue();
        assertThat(now.path("effective").asText()).isNotEmpty();
    }

    @Test
    void aLibraryGoesToDebugAtMost() throws Exception {
        assertThat(put(LIBRARY.getName(), "{\"level\":\"debug\"}").statusCode()).isEqualTo(200);
        HttpResponse<String> refused = put(LIBRARY.getName(), "{\"level\":\"trace\"}");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("debug is the most");
        assertThat(put("ROOT", "{\"level\":\"trace\"}").statusCode()).isEqualTo(400);
        assertThat(LIBRARY.isTraceEnabled()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "debug",
                "{}",
                "[]",
                "{\"level\":7}",
                "{\"level\":\"loud\"}",
                "{\"level\":\"debug\",\"x\":1}",
                "{\"level\":\"debug\"} x"
            })
    void whatIsNoLevelIsRefused(String body) throws Exception {
        HttpResponse<String> refused = put(OURS.getName(), body);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("debug");
    }

    @Test
    void whatIsNotThereOrNotAllowedIsToldSo() throws Exception {
        assertThat(put("io.pushgate.no.such", "{\"level\":\"debug\"}").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/loggers/io.pushgate.no.such", "").statusCode()).isEqualTo(404);
        HttpResponse<String> posted = send("POST", "/loggers/ROOT", "{}");
        assertThat(posted.statusCode()).isEqualTo(405);
        assertThat(posted.headers().firstValue("Allow")).contains("GET, PUT");
        assertThat(put("ROOT", "{\"level\":null}").statusCode()).isEqualTo(400);
        assertThat(put(OURS.getName(), " ".repeat(2_000)).statusCode()).isEqualTo(400);
    }

    @Test
    void changesAreForThisMachineUnlessToldOtherwise() {
        InetAddress elsewhere = InetAddress.ofLiteral("192.0.2.1");
        assertThat(new LoggersResource(false).mayChange(elsewhere)).isFalse();
        assertThat(new LoggersResource(true).mayChange(elsewhere)).isTrue();
        assertThat(new LoggersResource(false).mayChange(InetAddress.getLoopbackAddress())).isTrue();
    }
}
