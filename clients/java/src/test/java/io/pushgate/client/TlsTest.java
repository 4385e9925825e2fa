package io.pushgate.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/** wss against a gateway whose certificate is for {@code localhost}. */
@Timeout(60)
class TlsTest {
    private static final String PASSWORD = "changeit";

    @TempDir static Path folder;
    private static @Nullable SslContext server;
    private static @Nullable SslContext trusting;

    private final Recorded app = new Recorded();

    @BeforeAll
    static void makeCertificate() throws Exception {
        Path file = folder.resolve("keys.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keystore",
                                file.toString(),
                                "-storepass",
                                PASSWORD,
                                "-alias",
                                "gateway",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=test",
                                "-ext",
                                "SAN=dns:localhost")
                        .redirectErrorStream(true)
                        .start();
        String output = new String(keytool.getInputStream().readAllBytes(), US_ASCII);
        assertThat(keytool.waitFor()).as(output).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD.toCharArray());
        server = SslContextBuilder.forServer(own).build();
        KeyStore certificates = KeyStore.getInstance("PKCS12");
        certificates.load(null, null);
        certificates.setCertificateEntry("gateway", keys.getCertificate("gateway"));
        var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(certificates);
        trusting = SslContextBuilder.forClient().trustManager(trusted).build();
    }

    @Test
    void speaksTls() throws Exception {
        try (TestGateway gateway = new TestGateway(server);
                PushgateClient _ = start(gateway, "localhost", trusting)) {
            gateway.welcome();
            await().until(() -> !app.connected.isEmpty());
        }
    }

    @Test
    void refusesACertificateItDoesNotTrust() {
        try (TestGateway gateway = new TestGateway(server);
                PushgateClient _ = start(gateway, "localhost", null)) {
            await().until(() -> !app.disconnected.isEmpty());
            assertThat(app.disconnected.getFirst().reason()).containsIgnoringCase("certif");
            assertThat(gateway.waiting()).isZero();
        }
    }

    @Test
    void refusesACertificateForAnotherHost() {
        try (TestGateway gateway = new TestGateway(server);
                PushgateClient _ = start(gateway, "127.0.0.1", trusting)) {
            await().until(() -> !app.disconnected.isEmpty());
            assertThat(app.disconnected.getFirst().reason()).contains("127.0.0.1");
            assertThat(gateway.waiting()).isZero();
        }
    }

    private PushgateClient start(TestGateway gateway, String host, @Nullable SslContext context) {
        PushgateClientBuilder builder =
                PushgateClient.builder()
                        .url("wss://" + host + ":" + gateway.port())
                        .token("to.ke.n")
                        .backoff(Duration.ofSeconds(5), Duration.ofSeconds(5))
                        .listener(app);
        if (context != null) {
            builder.sslContext(context);
        }
        return builder.start();
    }
}
