package io.pushgate.runtime.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.runtime.tls.TlsConfig.ClientCertificates;
import io.pushgate.runtime.tls.TlsConfig.Version;
import io.pushgate.testkit.TestAuthority;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

class ReloadingSslContextTest {
    private final TestAuthority authority = new TestAuthority("jdk authority");
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    @TempDir Path folder;

    private void issue(String name) {
        TestAuthority.Issued issued = authority.issue(name);
        issued.writeCertificate(folder.resolve("tls.crt"));
        issued.writeKey(folder.resolve("tls.key"));
    }

    private ReloadingSslContext open(ClientCertificates ask) throws Exception {
        Path ca = authority.write(folder.resolve("ca.crt"));
        return ReloadingSslContext.open(
                "console",
                new TlsConfig(
                        folder.resolve("tls.crt"),
                        folder.resolve("tls.key"),
                        Version.TLS13,
                        ask,
                        ask == ClientCertificates.NONE ? null : ca),
                InstantSource.system(),
                registry);
    }

    /** One connection: the name on the server's certificate. */
    private static String connect(ReloadingSslContext tls, SSLContext client) throws Exception {
        try (SSLServerSocket server =
                (SSLServerSocket)
                        tls.context()
                                .getServerSocketFactory()
                                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setSSLParameters(tls.parameters());
            Thread echo = Thread.ofVirtual().start(() -> echo(server));
            try (EchoClient connection = new EchoClient(client, server.getLocalPort())) {
                return connection.echo().server();
            } finally {
                server.close();
                echo.join();
            }
        }
    }

    private static void echo(SSLServerSocket server) {
        try (SSLSocket socket = (SSLSocket) server.accept()) {
            socket.getOutputStream().write(socket.getInputStream().read());
        } catch (IOException e) {
            // The client sees it as well.
        }
    }

    @Test
    void newConnectionsOfTheSameContextGetTheNewCertificate() throws Exception {
        issue("first");
        ReloadingSslContext tls = open(ClientCertificates.NONE);
        assertThat(connect(tls, authority.client(null))).isEqualTo("CN=first");

        issue("second");
        tls.refresh();
        tls.refresh();

        assertThat(connect(tls, authority.client(null))).isEqualTo("CN=second");
        assertThat(
                        registry.get("pushgate.tls.reloads")
                                .tags("listener", "console", "result", "ok")
                                .counter()
                                .count())
                .isEqualTo(1);
    }

    @Test
    void clientCertificatesAreAskedFor() throws Exception {
        issue("server");
        ReloadingSslContext tls = open(ClientCertificates.REQUIRED);
        SSLContext own = authority.client(authority.issue("operator"));
        assertThat(connect(tls, own)).isEqualTo("CN=server");
        assertThatThrownBy(() -> connect(tls, authority.client(null)))
                .isInstanceOf(IOException.class);
    }
}
