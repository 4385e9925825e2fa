package io.pushgate.runtime.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import io.pushgate.runtime.StartupException;
import io.pushgate.runtime.tls.TlsConfig.ClientCertificates;
import io.pushgate.runtime.tls.TlsConfig.Version;
import io.pushgate.testkit.LeakCheck;
import io.pushgate.testkit.MutableClock;
import io.pushgate.testkit.TestAuthority;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

import javax.net.ssl.SSLContext;

@ExtendWith(LeakCheck.class)
class TlsContextsTest {
    private final TestAuthority authority = new TestAuthority("test authority");
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MutableClock clock = new MutableClock(Instant.now());
    private final SSLContext client = authority.client(null);
    @TempDir Path folder;
    private Path certificate;
    private Path key;
    private Path clientCa;
    private @Nullable TlsContexts tls;
    private @Nullable EchoServer server;

    /** By which TLS is done. */
    enum By {
        BORINGSSL(SslProvider.OPENSSL_REFCNT),
        JDK(SslProvider.JDK);

        private final SslProvider provider;

        By(SslProvider provider) {
            this.provider = provider;
        }
    }

    @BeforeEach
    void write() {
        certificate = folder.resolve("tls.crt");
        key = folder.resolve("tls.key");
        clientCa = authority.write(folder.resolve("ca.crt"));
        issue("first");
    }

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
        }
        if (tls != null) {
            tls.close();
        }
    }

    private void issue(String name) {
        TestAuthority.Issued issued = authority.issue(name);
        issued.writeCertificate(certificate);
        issued.writeKey(key);
    }

    private TlsContexts start(By by, Version min, ClientCertificates ask) throws Exception {
        Path ca = ask == ClientCertificates.NONE ? null : clientCa;
        TlsContexts opened =
                TlsContexts.open(
                        "access",
                        new TlsConfig(certificate, key, min, ask, ca),
                        clock,
                        registry,
                        by.provider);
        tls = opened;
        server = new EchoServer(opened);
        return opened;
    }

    private TlsContexts start(By by) throws Exception {
        return start(by, Version.TLS13, ClientCertificates.NONE);
    }

    private EchoClient connect(SSLContext context, String... protocols) throws IOException {
        return new EchoClient(context, Objects.requireNonNull(server).port(), protocols);
    }

    /** The name on the certificate that a connection gets now. */
    private String seen() throws IOException {
        // With a context of its own, since a resumed session shows no certificate anew.
        try (EchoClient now = connect(authority.client(null))) {
            return now.echo().server();
        }
    }

    private double count(TlsMeters meter, String result) {
        return registry.get(meter.meterName()).tag("result", result).counter().count();
    }

    @Test
    void theNativeLibraryWorksHere() {
        assertThat(OpenSsl.isAvailable()).as("%s", OpenSsl.unavailabilityCause()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void newConnectionsGetTheNewCertificateAndOpenOnesGoOn(By by) throws Exception {
        TlsContexts contexts = start(by);
        try (EchoClient open = connect(client)) {
            assertThat(open.echo().server()).isEqualTo("CN=first");

            issue("second");
            contexts.refresh();
            assertThat(seen()).as("not settled yet").isEqualTo("CN=first");
            contexts.refresh();

            assertThat(seen()).isEqualTo("CN=second");
            assertThatCode(open::echo).doesNotThrowAnyException();
            contexts.refresh();
            assertThat(count(TlsMeters.RELOADS, "ok")).isEqualTo(1);
            assertThat(count(TlsMeters.RELOADS, "refused")).isZero();
        }
        assertThat(count(TlsMeters.HANDSHAKES, "ok")).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void aPairThatDoesNotFitIsRefusedOnceAndTheOldOneGoesOn(By by) throws Exception {
        TlsContexts contexts = start(by);
        TestAuthority.Issued second = authority.issue("second");
        second.writeCertificate(certificate);
        for (int i = 0; i < 4; i++) {
            contexts.refresh();
        }
        assertThat(seen()).isEqualTo("CN=first");
        assertThat(count(TlsMeters.RELOADS, "refused")).isEqualTo(1);

        second.writeKey(key);
        contexts.refresh();
        contexts.refresh();
        assertThat(seen()).isEqualTo("CN=second");
    }

    @Test
    void filesThatAreGoneCutOrNotValidNowAreRefused() throws Exception {
        TlsContexts contexts = start(By.BORINGSSL);
        Files.delete(key);
        contexts.refresh();
        contexts.refresh();
        assertThat(count(TlsMeters.RELOADS, "refused")).isEqualTo(1);

        issue("second");
        String whole = Files.readString(certificate);
        Files.writeString(certificate, whole.substring(0, whole.length() / 2));
        contexts.refresh();
        contexts.refresh();
        assertThat(count(TlsMeters.RELOADS, "refused")).isEqualTo(2);

        TestAuthority.Issued later =
                authority.issue(
                        "later",
                        clock.instant().plus(Duration.ofHours(1)),
                        clock.instant().plus(Duration.ofHours(2)));
        later.writeCertificate(certificate);
        later.writeKey(key);
        contexts.refresh();
        contexts.refresh();
        assertThat(count(TlsMeters.RELOADS, "refused")).isEqualTo(3);
        assertThat(seen()).isEqualTo("CN=first");
    }

    @Test
    void theGaugeCountsDownToTheEndOfTheCertificateInUse() throws Exception {
        TlsContexts contexts = start(By.BORINGSSL);
        double before = expiry();
        assertThat(before).isBetween(86_000.0, 86_400.0);
        clock.advance(Duration.ofHours(1));
        assertThat(expiry()).isEqualTo(before - 3_600);

        TestAuthority.Issued longer =
                authority.issue("longer", Instant.now(), Instant.now().plus(Duration.ofDays(90)));
        longer.writeCertificate(certificate);
        longer.writeKey(key);
        contexts.refresh();
        contexts.refresh();
        assertThat(expiry()).isGreaterThan(89 * 86_400.0);
    }

    private double expiry() {
        return registry.get(TlsMeters.CERTIFICATE_EXPIRY.meterName()).gauge().value();
    }

    @ParameterizedTest
    @EnumSource
    void aClientResumesItsSession(By by) throws Exception {
        TlsContexts contexts = start(by);
        long first;
        try (EchoClient once = connect(client)) {
            first = once.echo().session().getCreationTime();
        }
        await().until(() -> System.currentTimeMillis() > first);
        try (EchoClient again = connect(client)) {
            assertThat(again.echo().session().getCreationTime()).isEqualTo(first);
        }

        clock.advance(TicketKeys.LIFETIME.plusSeconds(1));
        contexts.refresh();
        try (EchoClient rotated = connect(client)) {
            assertThat(rotated.echo().session().getCreationTime()).isEqualTo(first);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theOldestVersionIsAsConfigured(By by) throws Exception {
        start(by, Version.TLS13, ClientCertificates.NONE);
        try (EchoClient old = connect(client, "TLSv1.2")) {
            assertThatThrownBy(old::echo).isInstanceOf(IOException.class);
        }
        await().untilAsserted(() -> assertThat(count(TlsMeters.HANDSHAKES, "failed")).isEqualTo(1));
        close();

        start(by, Version.TLS12, ClientCertificates.NONE);
        try (EchoClient old = connect(client, "TLSv1.2");
                EchoClient current = connect(client)) {
            assertThat(old.echo().session().getProtocol()).isEqualTo("TLSv1.2");
            assertThat(current.echo().session().getProtocol()).isEqualTo("TLSv1.3");
        }
    }

    @ParameterizedTest
    @EnumSource
    void clientCertificatesAreAskedForAsConfigured(By by) throws Exception {
        SSLContext own = authority.client(authority.issue("pos-7"));
        SSLContext foreign = authority.client(new TestAuthority("somebody else").issue("intruder"));
        start(by, Version.TLS13, ClientCertificates.REQUIRED);
        try (EchoClient with = connect(own);
                EchoClient without = connect(client);
                EchoClient intruder = connect(foreign)) {
            assertThatCode(with::echo).doesNotThrowAnyException();
            assertThatThrownBy(without::echo).isInstanceOf(IOException.class);
            assertThatThrownBy(intruder::echo).isInstanceOf(IOException.class);
        }
        close();

        start(by, Version.TLS13, ClientCertificates.OPTIONAL);
        try (EchoClient with = connect(own);
                EchoClient without = connect(client)) {
            assertThatCode(with::echo).doesNotThrowAnyException();
            assertThatCode(without::echo).doesNotThrowAnyException();
        }
    }

    @Test
    void whatCannotBeUsedAtTheStartIsOneClearLine() throws Exception {
        TestAuthority.Issued other = authority.issue("other");
        other.writeKey(key);
        assertThatThrownBy(() -> start(By.BORINGSSL))
                .isInstanceOf(StartupException.class)
                .hasMessage(
                        "access.tls: %s is not the key of the first certificate of %s",
                        key, certificate);

        Files.writeString(
                key, "-----BEGIN RSA PRIVATE KEY-----\nAA==\n-----END RSA PRIVATE KEY-----\n");
        assertThatThrownBy(() -> start(By.BORINGSSL)).hasMessageContaining("openssl pkcs8 -topk8");

        Files.writeString(certificate, "");
        assertThatThrownBy(() -> start(By.BORINGSSL)).hasMessageContaining("no certificate");

        issue("first");
        clock.advance(Duration.ofDays(2));
        assertThatThrownBy(() -> start(By.BORINGSSL)).hasMessageContaining("is valid from");
    }

    @Test
    void aHalfConfigurationIsRefused() {
        assertThatThrownBy(
                        () ->
                                new TlsConfig(
                                        certificate,
                                        null,
                                        Version.TLS13,
                                        ClientCertificates.NONE,
                                        null))
                .hasMessageContaining("both or not at all");
        assertThatThrownBy(
                        () ->
                                new TlsConfig(
                                        certificate,
                                        key,
                                        Version.TLS13,
                                        ClientCertificates.REQUIRED,
                                        null))
                .hasMessageContaining("client-ca");
    }
}
