package io.pushgate.runtime.tls;

import io.pushgate.runtime.config.Default;
import io.pushgate.runtime.config.Doc;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/** A section {@code tls} of the configuration: that of one port. */
public record TlsConfig(
        @Doc(
                        "PEM file with the certificate, followed by those between it and its root;"
                                + " with it the port speaks TLS only. Read again when it changes.")
                @Nullable Path certificate,
        @Doc("PEM file with the key of the certificate, as PKCS#8 and not encrypted.")
                @Nullable Path key,
        @Default("tls13") @Doc("The oldest version that clients may speak.") Version minVersion,
        @Default("none") @Doc("Whether clients show a certificate of their own.")
                ClientCertificates clientCertificates,
        @Doc("PEM file with the authorities whose client certificates are accepted.")
                @Nullable Path clientCa) {
    /** Plain connections. */
    public static final TlsConfig OFF =
            new TlsConfig(null, null, Version.TLS13, ClientCertificates.NONE, null);

    /** A version of the protocol. */
    public enum Version {
        TLS12,
        TLS13;

        /** Itself and the newer ones, by their names in the JDK. */
        List<String> andNewer() {
            return switch (this) {
                case TLS12 -> List.of("TLSv1.3", "TLSv1.2");
                case TLS13 -> List.of("TLSv1.3");
            };
        }
    }

    /** What is asked of clients. */
    public enum ClientCertificates {
        NONE,
        OPTIONAL,
        REQUIRED
    }

    /**
     * @throws IllegalArgumentException where something is missing
     */
    public TlsConfig {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("certificate and key are set both or not at all");
        }
        if (clientCertificates != ClientCertificates.NONE && clientCa == null) {
            throw new IllegalArgumentException("client-certificates needs a client-ca");
        }
        if (certificate == null && clientCa != null) {
            throw new IllegalArgumentException("client-ca needs a certificate of our own");
        }
    }

    /** Whether the port speaks TLS. */
    public boolean enabled() {
        return certificate != null;
    }
}
