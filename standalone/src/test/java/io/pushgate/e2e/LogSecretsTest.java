package io.pushgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;

import io.pushgate.client.AckMode;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.Target;
import io.pushgate.standalone.RoleKind;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;

/** With every level turned up as far as it goes, the log holds no payload and no token. */
@Isolated("it turns up the log of the whole process")
class LogSecretsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String PAYLOAD = "PAYLOAD-4b1d9c";
    private static final String DEVICE = "pos-logged";

    /** As far as {@code PUT /loggers} lets an operator go. */
    private static final Map<String, Level> LEVELS =
            Map.of(
                    "io.pushgate", Level.TRACE,
                    "io.lettuce", Level.DEBUG,
                    "io.netty", Level.DEBUG,
                    "org.apache.kafka.clients", Level.DEBUG,
                    "org.apache.kafka.clients.NetworkClient", Level.DEBUG,
                    "org.apache.kafka.common", Level.DEBUG);

    private final LoggerContext logging = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Logger root = logging.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Map<Logger, Level> before = new HashMap<>();
    private final Lines lines = new Lines();
    private final ThresholdFilter quiet = new ThresholdFilter();
    private Cluster cluster;

    /** All that is logged, as a file would have it. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final Queue<String> texts = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            String failure =
                    event.getThrowableProxy() == null
                            ? ""
                            : ThrowableProxyUtil.asString(event.getThrowableProxy());
            texts.add(event.getLoggerName() + " " + event.getFormattedMessage() + failure);
        }
    }

    @BeforeEach
    void start() throws Exception {
        quiet.setLevel("WARN");
        quiet.start();
        Appender<ILoggingEvent> screen = root.getAppender("STDERR");
        screen.addFilter(quiet);
        lines.setContext(logging);
        lines.start();
        root.addAppender(lines);
        LEVELS.forEach(
                (name, level) -> {
                    Logger logger = logging.getLogger(name);
                    before.put(logger, logger.getLevel());
                    logger.setLevel(level);
                });
        cluster = new ClusterSettings().set("mailbox.backoff", "1s,1s").start();
    }

    @AfterEach
    void stop() {
        cluster.close();
        before.forEach(Logger::setLevel);
        root.detachAppender(lines);
        root.getAppender("STDERR").clearAllFilters();
    }

    private void push(String id, String json) {
        cluster.publish(cluster.request(id, DEVICE, json)).toCompletableFuture().join();
    }

    /** Shakes hands by hand and hangs up. */
    private String handshake(String query, String... headers) throws IOException {
        URI url = URI.create(cluster.access().url());
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), url.getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            String head =
                    "GET /v1/ws%s HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                    .formatted(query)
                            + "Sec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                            + String.join("", headers)
                            + "\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 101".length());
            return new String(status, StandardCharsets.US_ASCII);
        }
    }

    @Test
    void neitherPayloadsNorTokensAreLogged() throws Exception {
        String good = cluster.token(DEVICE);
        String expired = cluster.tokenUntil(DEVICE, Instant.now().minusSeconds(60));
        String foreign = Cluster.foreignToken(DEVICE);
        String data = "{\"secret\":\"" + PAYLOAD + "\"}";

        push("waits", data);
        try (TestDevice device =
                TestDevice.connect(cluster.access().url(), good, UnaryOperator.identity())) {
            push("live", data);
            await().atMost(PATIENCE).until(() -> device.ids().equals(List.of("waits", "live")));
        }
        assertThat(handshake("?token=" + good)).endsWith("101");
        assertThat(handshake("?token=" + expired)).endsWith("401");
        assertThat(handshake("", "Authorization: Bearer " + foreign + "\r\n")).endsWith("401");
        assertThat(handshake("?token=" + good + "&token=" + good)).endsWith("400");
        assertThat(handshake("?last=%&token=" + good)).endsWith("400");

        rejected(data);
        unacked(data);

        assertThat(lines.texts)
                .as("the log is turned up")
                .anyMatch(line -> line.contains(DEVICE + " connects from"))
                .anyMatch(line -> line.startsWith("io.lettuce"))
                .anyMatch(line -> line.startsWith("org.apache.kafka.clients"));
        for (String secret : List.of(PAYLOAD, good, expired, foreign, signature(good))) {
            assertThat(lines.texts).noneMatch(line -> line.contains(secret));
        }
    }

    private static String signature(String token) {
        return token.substring(token.lastIndexOf('.') + 1);
    }

    /** Requests that a purger can't take, with the payload all over them. */
    private void rejected(String data) {
        for (String request :
                List.of(
                        "{\"" + PAYLOAD,
                        PAYLOAD,
                        "{\"id\":\"r1\",\"app\":\"shop\",\"to\":{\"device\":\"d\"},\"data\":"
                                + data
                                + "} "
                                + PAYLOAD,
                        "{\"id\":\"r2\",\"app\":\"shop\",\"to\":{\"device\":\"d\"},\"dat\":"
                                + data
                                + "}")) {
            cluster.publish(null, request.getBytes(StandardCharsets.UTF_8))
                    .toCompletableFuture()
                    .join();
        }
        cluster.publish(
                        PushRequest.of(
                                "r3",
                                Cluster.APP,
                                new Target.User("nobody", Set.of()),
                                data.getBytes(StandardCharsets.UTF_8)))
                .toCompletableFuture()
                .join();
        await().atMost(PATIENCE)
                .until(
                        () ->
                                cluster.count(RoleKind.PURGER, "pushgate.purger.rejected") >= 4
                                        && cluster.rejected().size() >= 4);
    }

    /** A device that acks nothing, so that its message is sent again. */
    private void unacked(String data) {
        try (TestDevice _ =
                TestDevice.connect(
                        cluster.access().url(),
                        cluster.token("silent"),
                        builder -> builder.ackMode(AckMode.MANUAL))) {
            cluster.publish(cluster.request("unacked", "silent", data))
                    .toCompletableFuture()
                    .join();
            await().atMost(PATIENCE)
                    .until(
                            () ->
                                    cluster.count(
                                                    RoleKind.ACCESS_SERVER,
                                                    "pushgate.access.redelivered")
                                            > 0);
        }
    }
}
