package io.pushgate.testkit;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * An authority of a test's own, and the certificates that it issues for 127.0.0.1 and localhost.
 */
public final class TestAuthority {
    private static final Duration DAY = Duration.ofDays(1);

    private final X509Bundle root;

    /**
     * @param name of the authority
     */
    public TestAuthority(String name) {
        try {
            root =
                    new CertificateBuilder()
                            .subject("CN=" + name)
                            .setIsCertificateAuthority(true)
                            .buildSelfSigned();
        } catch (Exception e) {
            throw new IllegalStateException("cannot make an authority", e);
        }
    }

    /** Its own certificate as a PEM file. */
    public Path write(Path file) {
        replace(file, root.getRootCertificatePEM());
        return file;
    }

    /** A certificate that is valid from yesterday until tomorrow. */
    public Issued issue(String name) {
        Instant now = Instant.now();
        return issue(name, now.minus(DAY), now.plus(DAY));
    }

    public Issued issue(String name, Instant from, Instant to) {
        try {
            return new Issued(
                    new CertificateBuilder()
                            .subject("CN=" + name)
                            .notBefore(from)
                            .notAfter(to)
                            .addSanIpAddress("127.0.0.1")
                            .addSanDnsName("localhost")
                            .buildIssuedBy(root));
        } catch (Exception e) {
            throw new IllegalStateException("cannot issue a certificate", e);
        }
    }

    /**
     * What a client uses that trusts this authority.
     *
     * @param own certificate of the client, null for none
     */
    public SSLContext client(@Nullable Issued own) {
        try {
            KeyManagerFactory keys = null;
            if (own != null) {
                keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                keys.init(own.bundle.toKeyStore(new char[0]), new char[0]);
            }
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("root", root.getRootCertificate());
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    keys == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot make a client of the authority", e);
        }
    }

    /** In one step, as who cares for certificates does it. */
    private static void replace(Path file, String text) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.writeString(part, text);
            Files.move(
                    part,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A certificate with its key. */
    public static final class Issued {
        private final X509Bundle bundle;

        private Issued(X509Bundle bundle) {
            this.bundle = bundle;
        }

        public void writeCertificate(Path file) {
            replace(file, bundle.getCertificatePathPEM());
        }

        public void writeKey(Path file) {
            replace(file, bundle.getPrivateKeyPEM());
        }

        /** Certificate and key in one file, as Kafka wants them. */
        public void writeBoth(Path file) {
            replace(file, bundle.getPrivateKeyPEM() + bundle.getCertificatePathPEM());
        }
    }
}
