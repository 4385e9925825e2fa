package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import io.pushgate.access.auth.Keys;
import io.pushgate.testkit.LeakCheck;
import io.pushgate.testkit.TestTopics;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Who a client is said to be, by those who may say so and by those who may not. */
@ExtendWith(LeakCheck.class)
class ProxiesTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    /** PROXY, TCP over IPv4, 12 bytes: 203.0.113.7:4711 to 192.0.2.1:443. */
    private static final String TCP4 =
            SIGNATURE + "21" + "11" + "000c" + "cb007107c00002011267" + "01bb";

    private final Logger log = (Logger) LoggerFactory.getLogger(HandshakeHandler.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.setLevel(Level.DEBUG);
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        log.detachAppender(lines);
        log.setLevel(null);
    }

    private static AccessNode balanced(String network) throws Exception {
        return AccessNode.start(Map.of("proxies.proxy-protocol", network));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static String handshake(String... headers) {
        String token = Keys.token("shop", TestTopics.unique("proxied"));
        return RawClient.request("/v1/ws?token=" + token, headers);
    }

    /** From where the last handshake came, by the log. */
    private String connectedFrom() {
        List<String> texts =
                List.copyOf(lines.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
        return texts.getLast().replaceAll(".* connects from ", "");
    }

    private static void letIn(RawClient client) throws IOException {
        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
        client.awaitWelcome();
    }

    /** Closed without an answer, and counted. */
    private static void closed(AccessNode node, RawClient client) throws IOException {
        assertThatThrownBy(client::readHead).isInstanceOf(IOException.class);
        await().untilAsserted(
                        () -> {
                            assertThat(node.count(AccessMeters.REFUSALS, "reason", "proxy_header"))
                                    .isEqualTo(1);
                            assertThat(
                                            node.count(
                                                    AccessMeters.ADDRESS_REFUSALS,
                                                    "by",
                                                    "proxy_header"))
                                    .isEqualTo(1);
                        });
    }

    @Test
    void aBalancerNamesTheClient() throws Exception {
        try (AccessNode node = balanced("127.0.0.0/8")) {
            try (RawClient whole = RawClient.connect(node.port())) {
                whole.write(bytes(TCP4));
                whole.write(handshake());
                letIn(whole);
                assertThat(connectedFrom()).isEqualTo("203.0.113.7");
            }
            try (RawClient pieces = RawClient.connect(node.port())) {
                for (byte each : bytes(TCP4)) {
                    pieces.write(new byte[] {each});
                }
                pieces.write(handshake());
                letIn(pieces);
                assertThat(connectedFrom()).isEqualTo("203.0.113.7");
            }
            try (RawClient itself = RawClient.connect(node.port())) {
                itself.write(bytes(SIGNATURE + "20" + "00" + "0000"));
                itself.write(handshake());
                letIn(itself);
                assertThat(connectedFrom()).isEqualTo("127.0.0.1");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Version 1, version 3, an unknown command, UDP, half an address, HTTP.
                "50524f5859205443503420312e312e312e3120322e322e322e3220312032" + "0d0a",
                SIGNATURE + "31" + "11" + "000c" + "cb007107c0000201126701bb",
                SIGNATURE + "2f" + "11" + "000c" + "cb007107c0000201126701bb",
                SIGNATURE + "21" + "12" + "000c" + "cb007107c0000201126701bb",
                SIGNATURE + "21" + "11" + "0004" + "cb007107",
                "474554202f76312f777320485454502f312e310d0a486f73743a20780d0a0d0a"
            })
    void aBalancerThatSendsNoGoodHeaderIsClosed(String hex) throws Exception {
        try (AccessNode node = balanced("127.0.0.1");
                RawClient client = RawClient.connect(node.port())) {
            client.write(bytes(hex));
            closed(node, client);
        }
    }

    @Test
    void aHeaderThatDoesNotEndIsClosed() throws Exception {
        try (AccessNode node = balanced("127.0.0.1");
                RawClient client = RawClient.connect(node.port())) {
            client.write(bytes(SIGNATURE + "21" + "11" + "ffff" + "00".repeat(4_096)));
            closed(node, client);
        }
    }

    @Test
    void nobodyElseMaySendOne() throws Exception {
        try (AccessNode node = balanced("10.0.0.0/8")) {
            try (RawClient honest = RawClient.connect(node.port())) {
                honest.write(handshake());
                letIn(honest);
                assertThat(connectedFrom()).isEqualTo("127.0.0.1");
            }
            try (RawClient hostile = RawClient.connect(node.port())) {
                hostile.write(bytes(TCP4));
                closed(node, hostile);
            }
        }
    }

    @Test
    void forwardedForIsBelievedOfProxiesOnly() throws Exception {
        String header = "X-Forwarded-For: 1.1.1.1, 203.0.113.9\r\n";
        try (AccessNode node = AccessNode.start(Map.of("proxies.forwarded-for", "127.0.0.1"));
                RawClient client = RawClient.connect(node.port())) {
            client.write(handshake(header));
            letIn(client);
            assertThat(connectedFrom()).isEqualTo("203.0.113.9");
            assertThat(node.count(AccessMeters.ADDRESS_REFUSALS)).isZero();
        }
        try (AccessNode node = AccessNode.start(Map.of());
                RawClient client = RawClient.connect(node.port())) {
            client.write(handshake(header));
            letIn(client);
            assertThat(connectedFrom()).isEqualTo("127.0.0.1");
            assertThat(node.count(AccessMeters.ADDRESS_REFUSALS, "by", "forwarded_for"))
                    .isEqualTo(1);
        }
    }
}
