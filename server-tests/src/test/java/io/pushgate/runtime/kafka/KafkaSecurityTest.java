package io.pushgate.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.embedded.EmbeddedKafka;
import io.pushgate.embedded.EmbeddedKafkaSettings;
import io.pushgate.runtime.StartupException;
import io.pushgate.runtime.config.KafkaConfig;
import io.pushgate.runtime.config.KafkaSecurity;
import io.pushgate.runtime.config.KafkaSecurity.Mechanism;
import io.pushgate.runtime.config.KafkaSecurity.Protocol;
import io.pushgate.runtime.config.Secret;
import io.pushgate.testkit.TestAuthority;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Kafka that speaks TLS only, and to users with a password only. */
class KafkaSecurityTest {
    private static final String PASSWORD = "pass \"word\" \\ 1";
    private static final String PLAIN_LOGIN =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"broker\""
                    + " password=\"b\" user_broker=\"b\" user_pushgate=\"plain-word\";";

    @TempDir static Path folder;
    private static EmbeddedKafka server;
    private static Path ca;

    @BeforeAll
    static void start() {
        TestAuthority authority = new TestAuthority("kafka authority");
        ca = authority.write(folder.resolve("ca.crt"));
        Path store = folder.resolve("kafka.pem");
        authority.issue("kafka").writeBoth(store);
        server =
                new EmbeddedKafka(
                        EmbeddedKafkaSettings.temporary()
                                .with(
                                        "listener.security.protocol.map",
                                        "CLIENTS:SASL_SSL,CONTROLLER:PLAINTEXT")
                                .with("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512")
                                .with("sasl.mechanism.inter.broker.protocol", "PLAIN")
                                .with("listener.name.clients.plain.sasl.jaas.config", PLAIN_LOGIN)
                                .with(
                                        "listener.name.clients.scram-sha-512.sasl.jaas.config",
                                        "org.apache.kafka.common.security.scram.ScramLoginModule"
                                                + " required;")
                                .with("ssl.keystore.type", "PEM")
                                .with("ssl.keystore.location", store.toString())
                                .with("ssl.truststore.type", "PEM")
                                .with("ssl.truststore.location", ca.toString()));
        server.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static KafkaConfig config(KafkaSecurity security) {
        return new KafkaConfig(
                server.bootstrapServers(),
                1,
                (short) 1,
                Map.of("default.api.timeout.ms", "5000", "request.timeout.ms", "4000"),
                security);
    }

    private static KafkaSecurity plain(String password) {
        return new KafkaSecurity(
                Protocol.SASL_SSL, Mechanism.PLAIN, "pushgate", new Secret(password), null, ca);
    }

    @Test
    void everyClientOfOursLogsInByPlainAndByScram() throws Exception {
        KafkaConfig plain = config(plain("plain-word"));
        KafkaTopics.ensure(plain, Map.of("secured", Map.of()));
        createUser(plain);

        Path file = folder.resolve("password");
        Files.writeString(file, PASSWORD + "\n");
        KafkaConfig scram =
                config(
                        new KafkaSecurity(
                                Protocol.SASL_SSL,
                                Mechanism.SCRAM_SHA_512,
                                "pushgate",
                                null,
                                file,
                                ca));
        Rig.Collector collector = new Rig.Collector();
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (KafkaPublisher publisher = new KafkaPublisher(scram, "secured", registry);
                ConsumerLoop loop =
                        new ConsumerLoop(
                                ConsumerLoopConfig.of("secured", "secured-group", "secured-1"),
                                scram,
                                collector,
                                registry)) {
            loop.start();
            assertThat(publisher.send("secured", null, new byte[] {1}, List.of()))
                    .succeedsWithin(Duration.ofSeconds(10));
            await().untilAsserted(() -> assertThat(collector.records).hasSize(1));
        }
    }

    private static void createUser(KafkaConfig as) throws Exception {
        try (Admin admin = Admin.create(KafkaSettings.admin(as))) {
            admin.alterUserScramCredentials(
                            List.of(
                                    new UserScramCredentialUpsertion(
                                            "pushgate",
                                            new ScramCredentialInfo(
                                                    ScramMechanism.SCRAM_SHA_512, 4096),
                                            PASSWORD)))
                    .all()
                    .get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aWrongPasswordIsAClearLineWithoutIt() {
        assertThatThrownBy(
                        () ->
                                KafkaTopics.ensure(
                                        config(plain("not-the-word")), Map.of("secured", Map.of())))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("Authentication failed")
                .hasMessageNotContaining("not-the-word");
    }

    @Test
    void aFileThatIsNotThereIsAClearLine() {
        KafkaSecurity without =
                new KafkaSecurity(
                        Protocol.SASL_SSL,
                        Mechanism.PLAIN,
                        "pushgate",
                        null,
                        folder.resolve("no-such-file"),
                        ca);
        assertThatThrownBy(() -> KafkaTopics.ensure(config(without), Map.of("secured", Map.of())))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("kafka.security.password-file: cannot read");
    }

    @Test
    void contradictionsAreRefused() {
        assertThatThrownBy(
                        () ->
                                new KafkaSecurity(
                                        Protocol.SASL_SSL, Mechanism.PLAIN, "u", null, null, ca))
                .hasMessageContaining("needs a user");
        assertThatThrownBy(
                        () ->
                                new KafkaSecurity(
                                        Protocol.PLAINTEXT, Mechanism.PLAIN, null, null, null, ca))
                .hasMessageContaining("a ca needs");
        assertThat(plain("plain-word").toString()).doesNotContain("plain-word");
    }
}
