package io.pushgate.console.http;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.pushgate.console.Rig;
import io.pushgate.console.Rig.Reply;
import io.pushgate.mailbox.ApiKeys;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

class ErrorsTest {
    private static final long TRICKLE_NANOS = Duration.ofMillis(100).toNanos();

    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /page/nothing.js, 404, not-found",
        "GET, /v1/nothing, 404, not-found",
        "GET, /v1/push, 405, method-not-allowed",
        "PATCH, /v1/nodes, 405, method-not-allowed",
        "GET, /v1/nodes?x=1, 403, forbidden",
        "GET, /openapi.json?x=1, 400, invalid-request",
        "GET, /v1/devices/APP/d%, 400, bad-http",
        "GET, /v1/devices/APP/a%2Fb, 400, bad-http",
        "GET, /v1/devices/APP/%C3%28, 400, bad-http",
    })
    void eachHasItsProblem(String method, String path, int status, String problem)
            throws Exception {
        String answer =
                raw(
                        "%s %s HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n"
                                .formatted(method, path.replace("APP", rig.app), rig.key));
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        assertThat(answer).contains("application/problem+json");
        assertThat(answer).contains("urn:pushgate:problem:" + problem + "\"");
        assertThat(answer).contains("\"status\":" + status + ",");
    }

    @Test
    void anotherMethodNamesThoseThereAre() throws Exception {
        Reply reply = rig.send("DELETE", "/openapi.json", null);
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("Allow")).isEqualTo("GET, HEAD");
    }

    /** Two readers of such a request could see two different ones. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: a\r\nHost: b",
                "Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked",
                "Host: a\r\nContent-Length: 1\r\nContent-Length: 2",
                "Host: a\r\nX : y",
                "Host: a\r\nX: y\r\n folded",
            })
    void whatIsAmbiguousIsRefused(String headers) throws Exception {
        String answer = raw("POST /v1/push HTTP/1.1\r\n%s\r\n\r\n".formatted(headers));
        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("urn:pushgate:problem:bad-http");
    }

    @Test
    void depthIsBounded() throws Exception {
        String deep = "[".repeat(2000) + "]".repeat(2000);
        Reply one =
                rig.push(
                        """
                        {"id":"m","app":"%s","to":{"device":"d"},"data":%s}"""
                                .formatted(rig.app, deep));
        assertThat(one.problem()).isEqualTo("invalid-request");
        assertThat(rig.push(deep).problem()).isEqualTo("invalid-request");
    }

    @Test
    void theContentTypeMustBeJson() throws Exception {
        Reply reply = rig.send("POST", "/v1/push", "{}", rig.key, "text/plain");
        assertThat(reply.problem()).isEqualTo("unsupported-media-type");
        assertThat(reply.status()).isEqualTo(415);
        Reply latin =
                rig.send("POST", "/v1/push", "{}", rig.key, "application/json;charset=latin1");
        assertThat(latin.status()).isEqualTo(415);
        assertThat(rig.send("GET", "/openapi.json", "{}").problem()).isEqualTo("invalid-request");
    }

    @Test
    void theKeyMustBeKnown() throws Exception {
        Reply none = rig.send("GET", "/v1/nodes", null, null, "");
        assertThat(none.status()).isEqualTo(401);
        assertThat(none.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(rig.send("GET", "/v1/nodes", null, "x", "").problem()).isEqualTo("unauthorized");
        String unknown = new ApiKeys(rig.context.redis(), InstantSource.system()).generate();
        assertThat(rig.send("GET", "/v1/nodes", null, unknown, "").problem())
                .isEqualTo("unauthorized");
    }

    @Test
    void aBodyIsBounded() throws Exception {
        Reply reply = rig.push(" ".repeat(1_048_577));
        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.problem()).isEqualTo("too-large");
    }

    @Test
    void aBodyThatTricklesIsGivenUp() throws Exception {
        try (Rig hasty = new Rig(Map.of("body-deadline", "200ms"))) {
            String answer =
                    raw(
                            hasty.console.port(),
                            """
                            POST /v1/push HTTP/1.1\r
                            Host: h\r
                            Authorization: Bearer %s\r
                            Content-Type: application/json\r
                            Content-Length: 100\r
                            \r
                            {"""
                                    .formatted(hasty.key));
            assertThat(answer).startsWith("HTTP/1.1 408 ").contains("request-timeout");
        }
    }

    @Test
    void aHeadThatTricklesIsCut() throws Exception {
        try (Rig hasty = new Rig(Map.of("idle", "1s"));
                Socket socket =
                        new Socket(InetAddress.getLoopbackAddress(), hasty.console.port())) {
            socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
            socket.getOutputStream().write("GET / HTTP/1.1\r\nX: ".getBytes(US_ASCII));
            Thread trickle = Thread.ofVirtual().start(() -> trickle(socket));
            assertThat(untilCut(socket)).isEmpty();
            trickle.interrupt();
            trickle.join();
        }
    }

    private static byte[] untilCut(Socket socket) throws IOException {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (SocketException e) {
            return new byte[0]; // reset, as what it had sent was not read
        }
    }

    // Each byte would begin Jetty's own idle timeout anew.
    private static void trickle(Socket socket) {
        try {
            while (!Thread.interrupted()) {
                socket.getOutputStream().write('a');
                LockSupport.parkNanos(TRICKLE_NANOS);
            }
        } catch (IOException e) {
            // The connection was cut, or the test is over.
        }
    }

    @Test
    void tooManyRequestsOfAKeyAreTold() throws Exception {
        try (Rig slow = new Rig(Map.of("requests-per-second", "1"))) {
            assertThat(slow.asAdmin("GET", "/v1/nodes").status()).isEqualTo(200);
            assertThat(slow.asAdmin("GET", "/v1/nodes").status()).isEqualTo(200);
            Reply third = slow.asAdmin("GET", "/v1/nodes");
            assertThat(third.status()).isEqualTo(429);
            assertThat(third.header("Retry-After")).isEqualTo("1");
        }
    }

    private static String raw(String request) throws IOException {
        return raw(rig.console.port(), request);
    }

    private static String raw(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }
}
