package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushgate.access.auth.Keys;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.ServerFrame;
import io.pushgate.runtime.StartupException;
import io.pushgate.testkit.LeakCheck;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is let in and what is not, over real sockets and a real Redis. */
@ParameterizedClass
@EnumSource(
        value = AccessConfig.Transport.class,
        names = {"NIO", "EPOLL"})
@ExtendWith(LeakCheck.class)
class HandshakeTest {
    private static final String SHOP_ONLY =
            Keys.HS256_ENTRY + ",shop-only@shop:HS256:" + Keys.HS256_ENTRY.split(":", 3)[2];

    private final AccessConfig.Transport transport;
    private final DeviceKey device = new DeviceKey("shop", "hand-" + System.nanoTime());
    private final AccessNode node;

    HandshakeTest(AccessConfig.Transport transport) throws Exception {
        this.transport = transport;
        this.node =
                start(
                        Map.of(
                                "keys", SHOP_ONLY,
                                "origin-allowed", "https://shop.example",
                                "limits.header-deadline", "500ms",
                                "limits.first-life", "300ms"));
    }

    private AccessNode start(Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        all.put("transport", transport.name().toLowerCase(Locale.ROOT));
        return AccessNode.start(all);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void letsADeviceInByHeaderOrParameter() throws Exception {
        try (RawClient client = RawClient.connect(node.port())) {
            client.write(
                    RawClient.request(
                            "/v1/ws?last=order-42&cursors=all:17-0&version=1.2",
                            "Authorization: Bearer " + token() + "\r\n",
                            "Sec-WebSocket-Protocol: other, pushgate.v1.json\r\n",
                            "Origin: https://shop.example\r\n"));
            assertThat(client.readHead())
                    .startsWith("HTTP/1.1 101 ")
                    .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
                    .contains("Sec-WebSocket-Protocol: pushgate.v1.json");
            client.awaitWelcome();
            assertThat(node.route(device)).isPresent();
        }
        try (RawClient client = RawClient.open(node.port(), token())) {
            client.awaitWelcome();
        }
    }

    @Test
    void refusesBadTokensAndRegistersNothing() throws Exception {
        Date past = Date.from(Instant.now().minusSeconds(60));
        for (String token :
                List.of(
                        Keys.unsigned(Keys.claims("shop", device.device()).build()),
                        Keys.hs256(
                                "test",
                                Keys.claims("shop", device.device()).expirationTime(past).build(),
                                Keys.SECRET),
                        Keys.hs256(
                                "shop-only",
                                Keys.claims("bank", device.device()).build(),
                                Keys.SECRET),
                        Keys.hs256(
                                "test",
                                Keys.claims("shop", device.device()).build(),
                                "x".repeat(40).getBytes(StandardCharsets.UTF_8)),
                        "rubbish")) {
            assertThat(answer(RawClient.request("/v1/ws?token=" + token)))
                    .startsWith("HTTP/1.1 401 ")
                    .contains("WWW-Authenticate: Bearer")
                    .contains("application/problem+json")
                    .doesNotContain(token);
        }
        assertThat(answer(RawClient.request("/v1/ws"))).startsWith("HTTP/1.1 401 ");
        assertThat(node.route(device)).isEmpty();
        assertThat(node.route(new DeviceKey("bank", device.device()))).isEmpty();
        assertThat(node.count(AccessMeters.REFUSALS)).isEqualTo(6);
        assertThat(node.count(AccessMeters.CONNECTS)).isZero();
    }

    @Test
    void refusesForeignOrigins() throws Exception {
        assertThat(answer(good("Origin: https://evil.example\r\n"))).startsWith("HTTP/1.1 403 ");
        assertThat(answer(good("Origin: null\r\n"))).startsWith("HTTP/1.1 403 ");
        assertThat(
                        answer(
                                good(
                                        "Origin: https://shop.example\r\n",
                                        "Origin: https://evil.example\r\n")))
                .startsWith("HTTP/1.1 403 ");
        assertThat(node.route(device)).isEmpty();
    }

    @Test
    void refusesWhatTwoParsersCouldReadInTwoWays() throws Exception {
        for (String request :
                List.of(
                        good("Host: other\r\n"),
                        good("Transfer-Encoding: chunked\r\n", "Content-Length: 5\r\n"),
                        good("Transfer-Encoding: chunked\r\n"),
                        good("Content-Length: 5\r\n"),
                        good("Content-Length: 0\r\n", "Content-Length: 5\r\n"),
                        good() + "and more",
                        good() + good(),
                        good().replace("Host: localhost\r\n", ""),
                        good("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"),
                        good("Authorization: Basic YTpi\r\n"),
                        good("no colon here\r\n"),
                        good().replace("GET ", "G ET "),
                        good().replace("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ="),
                        good("Sec-WebSocket-Protocol: mqtt\r\n"),
                        RawClient.request("/v1/ws?token=" + token() + "&token=" + token()),
                        RawClient.request("/v1/ws?last=%7B&token=" + token()),
                        RawClient.request("/v1/ws?cursors=all&token=" + token()),
                        RawClient.request("/v1/ws?last=%zz&token=" + token()))) {
            assertThat(answer(request)).as(request).startsWith("HTTP/1.1 400 ");
        }
        assertThat(node.route(device)).isEmpty();
    }

    @Test
    void saysWhatItIsInstead() throws Exception {
        assertThat(answer(good().replace("/v1/ws", "/v2/ws"))).startsWith("HTTP/1.1 404 ");
        assertThat(answer(good().replace("GET ", "POST "))).startsWith("HTTP/1.1 405 ");
        assertThat(answer(good().replace("HTTP/1.1", "HTTP/1.0"))).startsWith("HTTP/1.1 505 ");
        assertThat(answer(good().replace("Upgrade: websocket\r\n", "")))
                .startsWith("HTTP/1.1 426 ");
        assertThat(answer(good().replace("Version: 13", "Version: 8")))
                .startsWith("HTTP/1.1 426 ")
                .contains("Sec-WebSocket-Version: 13");
        assertThat(answer(good("X: " + "x".repeat(9_000) + "\r\n"))).startsWith("HTTP/1.1 431 ");
        assertThat(answer(RawClient.request("/v1/ws?" + "x".repeat(9_000))))
                .startsWith("HTTP/1.1 414 ");
    }

    @Test
    void cutsAHalfSentHead() throws Exception {
        try (RawClient silent = RawClient.connect(node.port());
                RawClient slow = RawClient.connect(node.port())) {
            slow.write("GET /v1/ws HTTP/1.1\r\nHost: loc");
            assertThat(end(silent)).isEmpty();
            assertThat(end(slow)).isEmpty();
        }
        assertThat(node.count(AccessMeters.REFUSALS, "reason", "silent")).isEqualTo(1);
        assertThat(node.count(AccessMeters.REFUSALS, "reason", "head_deadline")).isEqualTo(1);
    }

    private static String end(RawClient client) throws IOException {
        try {
            return client.readRest();
        } catch (SocketException reset) {
            return "";
        }
    }

    @Test
    void holdsToItsCap() throws Exception {
        try (AccessNode small = start(Map.of("limits.max-connections", "2"));
                RawClient first = small.open(device);
                RawClient second = small.open(new DeviceKey("shop", device.device() + "b"))) {
            assertThat(answer(small, good())).startsWith("HTTP/1.1 503 ").contains("Retry-After: ");
            for (RawClient held : List.of(first, second)) {
                held.send("{\"t\":\"ping\"}");
                assertThat(held.next()).isEqualTo(new ServerFrame.Pong());
            }
        }
    }

    @Test
    void holdsToItsRate() throws Exception {
        try (AccessNode slow = start(Map.of("limits.accept-rate", "1"));
                RawClient first = slow.open(device)) {
            assertThat(answer(slow, good())).startsWith("HTTP/1.1 503 ");
            first.send("{\"t\":\"ping\"}");
            assertThat(first.next()).isEqualTo(new ServerFrame.Pong());
        }
    }

    @Test
    void aTakenPortIsOneClearLine() {
        assertThatThrownBy(() -> AccessNode.start(Map.of("port", Integer.toString(node.port()))))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("port " + node.port() + " of 127.0.0.1");
        assertThatThrownBy(() -> AccessNode.start(Map.of("keys", "")))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("access.keys");
    }

    private String token() {
        return Keys.token("shop", device.device());
    }

    private String good(String... lines) {
        return RawClient.request("/v1/ws?token=" + token(), lines);
    }

    private String answer(String request) throws IOException {
        return answer(node, request);
    }

    private static String answer(AccessNode asked, String request) throws IOException {
        try (RawClient client = RawClient.connect(asked.port())) {
            client.write(request);
            String head = client.readHead();
            if (!head.startsWith("HTTP/1.1 101 ")) {
                assertThat(client.readRest()).startsWith("{\"status\":");
            }
            return head;
        }
    }
}
