package io.pushgate.runtime.config;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Locale;

/** How we show Kafka who we are, and how it shows us. */
public record KafkaSecurity(
        @Default("plaintext") @Doc("What is spoken to the brokers; ssl stands for TLS.")
                Protocol protocol,
        @Default("scram-sha-512") @Doc("How the password is shown, with a sasl protocol.")
                Mechanism mechanism,
        @Doc("User, with a sasl protocol.") @Nullable String user,
        @Doc("Password of the user; best given as the variable, or by the file.")
                @Nullable Secret password,
        @Doc("File with the password, read at the start.") @Nullable Path passwordFile,
        @Doc("PEM file with the authorities of the brokers' certificates; by default the JDK's.")
                @Nullable Path ca) {
    public static final KafkaSecurity NONE =
            new KafkaSecurity(Protocol.PLAINTEXT, Mechanism.SCRAM_SHA_512, null, null, null, null);

    /** Kafka's {@code security.protocol}. */
    public enum Protocol {
        PLAINTEXT,
        SSL,
        SASL_PLAINTEXT,
        SASL_SSL;

        public boolean sasl() {
            return this == SASL_PLAINTEXT || this == SASL_SSL;
        }

        public boolean tls() {
            return this == SSL || this == SASL_SSL;
        }
    }

    /** Kafka's {@code sasl.mechanism}, those with a password. */
    public enum Mechanism {
        PLAIN,
        SCRAM_SHA_256,
        SCRAM_SHA_512;

        /** As Kafka writes it. */
        public String kafkaName() {
            return name().replace('_', '-').toUpperCase(Locale.ROOT);
        }
    }

    /**
     * @throws IllegalArgumentException where the parts contradict each other
     */
    public KafkaSecurity {
        if (password != null && passwordFile != null) {
            throw new IllegalArgumentException("give password or password-file, not both");
        }
        boolean named = user != null && (password != null || passwordFile != null);
        boolean any = user != null || password != null || passwordFile != null;
        if (protocol.sasl() && !named) {
            throw new IllegalArgumentException(
                    "a sasl protocol needs a user, and a password or a password-file");
        }
        if (!protocol.sasl() && any) {
            throw new IllegalArgumentException("a user and a password need a sasl protocol");
        }
        if (ca != null && !protocol.tls()) {
            throw new IllegalArgumentException("a ca needs the protocol ssl or sasl-ssl");
        }
    }

    /**
     * As it is now; blocks on the disk where it is in a file.
     *
     * @throws IllegalArgumentException if the file can't be used
     * @throws IllegalStateException if there is none
     */
    public String currentPassword() {
        if (passwordFile != null) {
            return Secret.read(passwordFile, "kafka.security.password-file").value();
        }
        if (password == null) {
            throw new IllegalStateException("no password is configured");
        }
        return password.value();
    }
}
