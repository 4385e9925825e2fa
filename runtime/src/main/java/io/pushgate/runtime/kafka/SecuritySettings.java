package io.pushgate.runtime.kafka;

import io.pushgate.runtime.config.KafkaSecurity;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.security.scram.ScramLoginModule;

import java.util.HashMap;
import java.util.Map;

/** {@link KafkaSecurity} as settings of Kafka's clients, which show no {@link Password} in logs. */
final class SecuritySettings {
    private SecuritySettings() {}

    /**
     * Nothing for plaintext, so that {@code kafka.properties} may say otherwise.
     *
     * @throws ConfigException if the file with the password can't be used
     */
    static Map<String, Object> of(KafkaSecurity security) {
        Map<String, Object> settings = new HashMap<>();
        if (security.protocol() != KafkaSecurity.Protocol.PLAINTEXT) {
            settings.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, security.protocol().name());
        }
        if (security.ca() != null) {
            settings.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
            settings.put(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, security.ca().toString());
        }
        if (security.protocol().sasl()) {
            settings.put(SaslConfigs.SASL_MECHANISM, security.mechanism().kafkaName());
            settings.put(SaslConfigs.SASL_JAAS_CONFIG, new Password(login(security)));
        }
        return settings;
    }

    private static String login(KafkaSecurity security) {
        Class<?> module =
                switch (security.mechanism()) {
                    case PLAIN -> PlainLoginModule.class;
                    case SCRAM_SHA_256, SCRAM_SHA_512 -> ScramLoginModule.class;
                };
        try {
            return "%s required username=\"%s\" password=\"%s\";"
                    .formatted(
                            module.getName(),
                            quoted(String.valueOf(security.user())),
                            quoted(security.currentPassword()));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(String.valueOf(e.getMessage()));
        }
    }

    /** For the quotes of a JAAS entry, which are those of {@code java.io.StreamTokenizer}. */
    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
