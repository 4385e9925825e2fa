package io.pushgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.access.AccessServer;
import io.pushgate.client.PushgateClientBuilder;
import io.pushgate.testkit.TestAuthority;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

import javax.net.ssl.SSLSocket;

/** Devices over TLS, while the certificate is replaced under load. */
class TlsTest {
    private static final int DEVICES = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir Path folder;
    private final TestAuthority authority = new TestAuthority("e2e authority");
    private Path certificate;
    private Path key;
    private Path ca;
    private Cluster cluster;

    @BeforeEach
    void start() throws Exception {
        certificate = folder.resolve("tls.crt");
        key = folder.resolve("tls.key");
        ca = authority.write(folder.resolve("ca.crt"));
        issue("first");
        cluster =
                new ClusterSettings()
                        .set("access.tls.certificate", certificate.toString())
                        .set("access.tls.key", key.toString())
                        .set("access.host", "0.0.0.0") // 127.0.0.2 is no name on the certificate
                        .start();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void issue(String name) {
        TestAuthority.Issued issued = authority.issue(name);
        issued.writeCertificate(certificate);
        issued.writeKey(key);
    }

    private int port() {
        return ((AccessServer) cluster.access().role()).port();
    }

    private TestDevice connect(String device, UnaryOperator<PushgateClientBuilder> tls) {
        return TestDevice.connect(
                "wss://localhost:" + port() + "/v1/ws", cluster.token(device), tls);
    }

    /** The name on the certificate that a new connection gets. */
    private String seen() throws IOException {
        try (SSLSocket socket =
                (SSLSocket)
                        authority
                                .client(null)
                                .getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(10_000);
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    @Test
    void aNewCertificateDropsNoConnectionAndNoMessage() throws Exception {
        List<TestDevice> devices = new ArrayList<>();
        AtomicBoolean enough = new AtomicBoolean();
        try {
            for (int i = 0; i < DEVICES; i++) {
                devices.add(connect("tls-" + i, builder -> builder.trustedAuthorities(ca)));
            }
            await().atMost(PATIENCE)
                    .until(() -> devices.stream().allMatch(TestDevice::isConnected));
            assertThat(seen()).isEqualTo("CN=first");

            List<Integer> sent = new ArrayList<>();
            Thread load = Thread.ofVirtual().start(() -> publish(devices.getFirst(), sent, enough));
            await().atMost(PATIENCE).until(() -> devices.getFirst().received() > 5);
            issue("second");
            await().atMost(PATIENCE).until(() -> seen().equals("CN=second"));
            int atSwap = devices.getFirst().received();
            await().atMost(PATIENCE).until(() -> devices.getFirst().received() > atSwap + 5);
            enough.set(true);
            load.join();

            List<String> wanted = sent.stream().map(round -> "m-" + round).toList();
            for (TestDevice device : devices) {
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () ->
                                        assertThat(device.ids())
                                                .extracting(id -> id.replaceAll("-\\d+$", ""))
                                                .isEqualTo(wanted));
                assertThat(device.connects()).isEqualTo(1);
                assertThat(device.disconnects()).isEmpty();
            }
            try (TestDevice later =
                    connect("late", builder -> builder.sslContext(authority.client(null)))) {
                await().atMost(PATIENCE).until(later::isConnected);
            }
            nobodyTalksToAStranger();
        } finally {
            enough.set(true);
            devices.forEach(TestDevice::close);
        }
    }

    /** Sends each device one message a round until it is enough, at the pace of one of them. */
    private void publish(TestDevice pace, List<Integer> sent, AtomicBoolean enough) {
        for (int round = 0; !enough.get(); round++) {
            for (int i = 0; i < DEVICES; i++) {
                var _ = cluster.publish(cluster.request("m-" + round + "-" + i, "tls-" + i, "{}"));
            }
            sent.add(round);
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> pace.received() == sent.size());
        }
    }

    /** A server of another authority, and one of another name. */
    private void nobodyTalksToAStranger() {
        TestAuthority another = new TestAuthority("another");
        Path file = another.write(folder.resolve("another.crt"));
        try (TestDevice distrustful =
                        connect("pos-1", builder -> builder.trustedAuthorities(file));
                TestDevice wary =
                        connect("pos-2", builder -> builder.sslContext(another.client(null)));
                TestDevice pedantic =
                        TestDevice.connect(
                                "wss://127.0.0.2:" + port() + "/v1/ws",
                                cluster.token("pos-3"),
                                builder -> builder.sslContext(authority.client(null)))) {
            for (TestDevice device : List.of(distrustful, wary, pedantic)) {
                await().atMost(PATIENCE).until(() -> !device.disconnects().isEmpty());
                assertThat(device.disconnects().getFirst().reason()).startsWith("TLS failed: ");
                assertThat(device.connects()).isZero();
            }
        }
    }
}
