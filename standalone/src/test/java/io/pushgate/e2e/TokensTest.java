package io.pushgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.standalone.RoleKind;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Who can't show a good token is turned away before anything is known of him. */
class TokensTest {
    @Test
    void aBadTokenIsAnswered401AndNothingIsRegistered() throws Exception {
        try (Cluster cluster = Cluster.start();
                HttpClient http = HttpClient.newHttpClient()) {
            String good = cluster.token("intruder");
            String[] parts = good.split("\\.", -1);
            Map<String, String> bad = new LinkedHashMap<>();
            bad.put("missing", "");
            bad.put("no token at all", "?token=rubbish");
            bad.put("alg none", "?token=" + base64("{\"alg\":\"none\"}") + "." + parts[1] + ".");
            bad.put(
                    "a changed claim",
                    "?token="
                            + parts[0]
                            + "."
                            + base64(
                                    new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8)
                                            .replace("intruder", "somebody"))
                            + "."
                            + parts[2]);
            bad.put(
                    "expired",
                    "?token=" + cluster.tokenUntil("intruder", Instant.now().minusSeconds(60)));
            bad.put("of another installation", "?token=" + Cluster.foreignToken("intruder"));

            bad.forEach(
                    (what, query) ->
                            assertThatThrownBy(() -> connect(http, cluster.access().url() + query))
                                    .as(what)
                                    .isInstanceOf(CompletionException.class)
                                    .cause()
                                    .isInstanceOfSatisfying(
                                            WebSocketHandshakeException.class,
                                            e ->
                                                    assertThat(e.getResponse().statusCode())
                                                            .isEqualTo(401)));

            var status =
                    cluster.access()
                            .context()
                            .mailbox()
                            .status(cluster.device("intruder"))
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS);
            assertThat(status.online()).isFalse();
            assertThat(cluster.count(RoleKind.ACCESS_SERVER, "pushgate.access.connects")).isZero();

            WebSocket socket = connect(http, cluster.access().url() + "?token=" + good);
            assertThat(socket.getSubprotocol()).isEqualTo("pushgate.v1.json");
            socket.abort();
        }
    }

    private static WebSocket connect(HttpClient http, String url) {
        return http.newWebSocketBuilder()
                .subprotocols("pushgate.v1.json")
                .buildAsync(URI.create(url), new WebSocket.Listener() {})
                .join();
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }
}
