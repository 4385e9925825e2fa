package io.pushgate.console.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.pushgate.console.ConsoleMeters;
import io.pushgate.console.Rig;
import io.pushgate.testkit.TestAuthority;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import javax.net.ssl.SSLSession;

/** The console's port with a certificate. */
class HttpsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir Path folder = Path.of("");

    @Test
    void answersOverTlsAndTakesANewCertificateWhileConnectionsStay() throws Exception {
        TestAuthority first = new TestAuthority("first");
        TestAuthority second = new TestAuthority("second");
        write(first);
        try (Rig rig = rig(Map.of());
                HttpClient old = client(first);
                HttpClient fresh = client(second)) {
            HttpResponse<String> answer = push(rig, old, "over-tls");
            assertThat(answer.statusCode()).isEqualTo(202);
            assertThat(answer.sslSession().map(SSLSession::getProtocol)).hasValue("TLSv1.3");
            assertThat(connections(rig)).isEqualTo(1);

            write(second);
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> push(rig, fresh, "new-certificate").statusCode() == 202);

            // Its connection is from before: a new one would find a certificate that it doesn't
            // trust.
            assertThat(push(rig, old, "old-certificate").statusCode()).isEqualTo(202);
            assertThat(connections(rig)).isEqualTo(2);
        }
    }

    @Test
    void withoutTlsThereIsNoAnswer() throws Exception {
        write(new TestAuthority("one"));
        try (Rig rig = rig(Map.of());
                Socket socket = connect(rig)) {
            socket.getOutputStream()
                    .write("GET /openapi.json HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(US_ASCII));
            assertThat(rest(socket)).doesNotContain("HTTP/1.1");
        }
    }

    @Test
    void aHandshakeThatDoesNotComeIsWaitedForAsLongAsAnIdleConnection() throws Exception {
        write(new TestAuthority("one"));
        try (Rig rig = rig(Map.of("idle", "1s"));
                Socket socket = connect(rig)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            assertThat(rest(socket)).isEmpty();
            await().atMost(PATIENCE).until(() -> connections(rig) == 0);
        }
    }

    private Rig rig(Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        all.put("tls.certificate", folder.resolve("tls.crt").toString());
        all.put("tls.key", folder.resolve("tls.key").toString());
        return new Rig(all);
    }

    private void write(TestAuthority authority) {
        TestAuthority.Issued issued = authority.issue("console");
        issued.writeCertificate(folder.resolve("tls.crt"));
        issued.writeKey(folder.resolve("tls.key"));
    }

    private static HttpClient client(TestAuthority trusted) {
        return HttpClient.newBuilder().sslContext(trusted.client(null)).build();
    }

    private static HttpResponse<String> push(Rig rig, HttpClient client, String id)
            throws Exception {
        String body =
                "{\"id\":\"%s\",\"app\":\"%s\",\"to\":{\"device\":\"d\"},\"data\":1}"
                        .formatted(id, rig.app);
        return client.send(
                HttpRequest.newBuilder(
                                URI.create("https://127.0.0.1:" + rig.console.port() + "/v1/push"))
                        .timeout(PATIENCE)
                        .header("Authorization", "Bearer " + rig.key)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static double connections(Rig rig) {
        return rig.registry.get(ConsoleMeters.CONNECTIONS.meterName()).gauge().value();
    }

    private static Socket connect(Rig rig) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), rig.console.port());
    }

    /** What comes until the connection ends. */
    private static String rest(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        } catch (SocketException reset) {
            return "";
        }
    }
}
