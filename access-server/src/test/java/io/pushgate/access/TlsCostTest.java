package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.pushgate.access.auth.Keys;
import io.pushgate.client.EventLoops;
import io.pushgate.client.PushgateClient;
import io.pushgate.client.PushgateClientBuilder;
import io.pushgate.testkit.TestAuthority;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a connection with TLS takes of a node's memory, and one without: a measurement, {@code
 * -Dtls.cost=3000} for so many connections of each.
 */
@EnabledIfSystemProperty(named = "tls.cost", matches = "[0-9]+")
class TlsCostTest {
    private static final Logger log = LoggerFactory.getLogger(TlsCostTest.class);
    private static final int CONNECTIONS = Integer.getInteger("tls.cost", 0);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir Path folder;

    @Test
    void aConnectionWithTlsTakesAFewTimesThatOfAPlainOne() throws Exception {
        TestAuthority authority = new TestAuthority("cost");
        Path ca = authority.write(folder.resolve("ca.crt"));
        Path certificate = folder.resolve("tls.crt");
        Path key = folder.resolve("tls.key");
        TestAuthority.Issued issued = authority.issue("node");
        issued.writeCertificate(certificate);
        issued.writeKey(key);
        SslContext trust = SslContextBuilder.forClient().trustManager(ca.toFile()).build();

        ProbedNode.Cost plain = cost(null);
        ProbedNode.Cost tls = cost(trust, "tls.certificate=" + certificate, "tls.key=" + key);
        log.warn(
                "{} idle connections, bytes each: plain {} (heap {}, outside {}), TLS {} (heap {},"
                        + " outside {}), {} times as much",
                CONNECTIONS,
                plain.sum(),
                plain.heap(),
                plain.outside(),
                tls.sum(),
                tls.heap(),
                tls.outside(),
                "%.1f".formatted((double) tls.sum() / plain.sum()));
        assertThat(tls.sum()).isBetween(plain.sum(), 200L * 1024);
    }

    private static ProbedNode.Cost cost(@Nullable SslContext trust, String... settings)
            throws Exception {
        EventLoopGroup loops = EventLoops.create(1, "cost");
        List<PushgateClient> clients = new ArrayList<>();
        try (ProbedNode node =
                new ProbedNode(
                        List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"),
                        List.of(settings))) {
            // What the first connections load and allocate once is no cost of each.
            connect(clients, CONNECTIONS / 10, node.port(), trust, loops);
            ProbedNode.Memory before = node.memory();
            connect(clients, CONNECTIONS, node.port(), trust, loops);
            return node.memory().since(before, CONNECTIONS);
        } finally {
            clients.forEach(PushgateClient::close);
            loops.shutdownGracefully().syncUninterruptibly();
        }
    }

    private static void connect(
            List<PushgateClient> clients,
            int more,
            int port,
            @Nullable SslContext trust,
            EventLoopGroup loops) {
        for (int i = 0; i < more; i++) {
            PushgateClientBuilder builder =
                    PushgateClient.builder()
                            .url((trust == null ? "ws" : "wss") + "://127.0.0.1:" + port)
                            .token(Keys.token("shop", "cost-" + clients.size()))
                            .listener(message -> {})
                            .eventLoopGroup(loops);
            if (trust != null) {
                builder.sslContext(trust);
            }
            clients.add(builder.start());
        }
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> clients.stream().allMatch(PushgateClient::isConnected));
    }
}
