package io.pushgate.runtime.tls;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * What the files of a {@link TlsConfig} hold, and what was found to be good: the key is that of the
 * first certificate, each certificate is followed by its issuer's, and all are valid now.
 *
 * @param clientCa empty where clients show none
 */
record TlsMaterial(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> clientCa) {

    /**
     * Blocks on the disk.
     *
     * @throws TlsException with what is wrong, for people
     */
    static TlsMaterial read(TlsConfig config, Instant now) throws TlsException {
        Path certificate = config.certificate();
        Path keyFile = config.key();
        if (certificate == null || keyFile == null) {
            throw new TlsException("no certificate is configured");
        }
        List<X509Certificate> chain = PemFiles.certificates(certificate);
        PrivateKey key = PemFiles.key(keyFile);
        if (!PemFiles.fits(key, chain.getFirst())) {
            throw new TlsException(
                    keyFile + " is not the key of the first certificate of " + certificate);
        }
        for (int i = 0; i < chain.size(); i++) {
            X509Certificate each = chain.get(i);
            checkTime(certificate, each, now);
            if (i + 1 < chain.size()
                    && !each.getIssuerX500Principal()
                            .equals(chain.get(i + 1).getSubjectX500Principal())) {
                throw new TlsException(
                        "%s: certificate %d is not that of the issuer of certificate %d"
                                .formatted(certificate, i + 2, i + 1));
            }
        }
        Path clientCa = config.clientCa();
        return new TlsMaterial(
                chain, key, clientCa == null ? List.of() : PemFiles.certificates(clientCa));
    }

    /** When the first of the chain runs out. */
    Instant notAfter() {
        return chain.stream()
                .map(each -> each.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** Whose it is, for people. */
    String subject() {
        return chain.getFirst().getSubjectX500Principal().getName();
    }

    /**
     * What checks the certificates of clients.
     *
     * @return null where they show none
     * @throws GeneralSecurityException if the authorities can't be used
     */
    TrustManager @Nullable [] trust() throws GeneralSecurityException {
        if (clientCa.isEmpty()) {
            return null;
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new IllegalStateException("cannot happen: nothing is read", e);
        }
        for (int i = 0; i < clientCa.size(); i++) {
            store.setCertificateEntry(Integer.toString(i), clientCa.get(i));
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static void checkTime(Path file, X509Certificate certificate, Instant now)
            throws TlsException {
        Instant from = certificate.getNotBefore().toInstant();
        Instant to = certificate.getNotAfter().toInstant();
        if (now.isBefore(from) || now.isAfter(to)) {
            throw new TlsException(
                    "%s: the certificate of %s is valid from %s to %s only, and it is %s"
                            .formatted(
                                    file,
                                    certificate.getSubjectX500Principal().getName(),
                                    from,
                                    to,
                                    now));
        }
    }
}
