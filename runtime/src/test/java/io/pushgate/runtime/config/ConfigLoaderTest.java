package io.pushgate.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class ConfigLoaderTest {
    enum Colour {
        RED,
        DARK_BLUE
    }

    record Key(String id, @Default("hs256") String algorithm) {}

    record Everything(
            @Default("text") String text,
            @Default("1") @Range(min = 0, max = 10) int whole,
            @Default("5000000000") long big,
            @Default("2") short small,
            @Default("0.5") @Range(min = 0, max = 1) double real,
            @Default("true") boolean flag,
            @Default("10s") @DurationRange(min = "1ms", max = "1h") Duration pause,
            @Default("/tmp/x") Path folder,
            @Default("dark-blue") Colour colour,
            @Default("a,b") List<String> words,
            @Default("5s,10s") List<Duration> backoff,
            Map<String, String> properties,
            RedisConfig redis,
            List<Key> keys,
            @Nullable String optional,
            @Nullable Key optionalKey) {}

    record Limits(int low, int high) {
        Limits {
            if (low > high) {
                throw new IllegalArgumentException("low must not be above high");
            }
        }
    }

    record Root(@Default("x") String name, Limits limits, KafkaConfig kafka) {}

    @TempDir Path folder;

    @Test
    void defaultsFillARecord() throws Exception {
        Everything all = ConfigLoader.load(Everything.class, null, Map.of(), Map.of());

        assertThat(all.text()).isEqualTo("text");
        assertThat(all.whole()).isEqualTo(1);
        assertThat(all.big()).isEqualTo(5_000_000_000L);
        assertThat(all.small()).isEqualTo((short) 2);
        assertThat(all.real()).isEqualTo(0.5);
        assertThat(all.flag()).isTrue();
        assertThat(all.pause()).isEqualTo(Duration.ofSeconds(10));
        assertThat(all.folder()).isEqualTo(Path.of("/tmp/x"));
        assertThat(all.colour()).isEqualTo(Colour.DARK_BLUE);
        assertThat(all.words()).containsExactly("a", "b");
        assertThat(all.backoff()).containsExactly(Duration.ofSeconds(5), Duration.ofSeconds(10));
        assertThat(all.properties()).isEmpty();
        assertThat(all.redis().uri()).isEqualTo("redis://127.0.0.1:6379");
        assertThat(all.redis().mode()).isEqualTo(RedisConfig.Mode.AUTO);
        assertThat(all.keys()).isEmpty();
        assertThat(all.optional()).isNull();
        assertThat(all.optionalKey()).isNull();
    }

    @Test
    void everyTypeIsReadFromYaml() throws Exception {
        Path file =
                yaml(
                        """
                        text: hello
                        whole: 7
                        big: 9000000000
                        small: 3
                        real: 0.25
                        flag: false
                        pause: 500ms
                        folder: /var/lib
                        colour: red
                        words: [x, y, z]
                        backoff: [1s, 2m]
                        properties:
                          sasl.mechanism: PLAIN
                          retries: 3
                        redis:
                          uri: redis://far:1
                          mode: cluster
                          timeout: 1s
                        keys:
                          - id: k1
                          - id: k2
                            algorithm: eddsa
                        optional: here
                        optional-key:
                          id: k3
                        """);

        Everything all = ConfigLoader.load(Everything.class, file, Map.of(), Map.of());

        assertThat(all)
                .isEqualTo(
                        new Everything(
                                "hello",
                                7,
                                9_000_000_000L,
                                (short) 3,
                                0.25,
                                false,
                                Duration.ofMillis(500),
                                Path.of("/var/lib"),
                                Colour.RED,
                                List.of("x", "y", "z"),
                                List.of(Duration.ofSeconds(1), Duration.ofMinutes(2)),
                                Map.of("sasl.mechanism", "PLAIN", "retries", "3"),
                                new RedisConfig(
                                        "redis://far:1",
                                        RedisConfig.Mode.CLUSTER,
                                        Duration.ofSeconds(1)),
                                List.of(new Key("k1", "hs256"), new Key("k2", "eddsa")),
                                "here",
                                new Key("k3", "hs256")));
    }

    @Test
    void environmentWinsOverYamlAndFlagsOverBoth() throws Exception {
        Path file = yaml("{text: file, whole: 2, big: 3, redis: {uri: 'redis://file'}}");

        Everything all =
                ConfigLoader.load(
                        Everything.class,
                        file,
                        Map.of(
                                "PUSHGATE_WHOLE", "4",
                                "PUSHGATE_BIG", "5",
                                "PUSHGATE_REDIS_URI", "redis://env",
                                "PUSHGATE_BACKOFF", "1s, 2s",
                                "PUSHGATE_OPTIONAL_KEY_ID", "k9",
                                "PATH", "/bin"),
                        Map.of("big", "6"));

        assertThat(all.text()).isEqualTo("file");
        assertThat(all.whole()).isEqualTo(4);
        assertThat(all.big()).isEqualTo(6);
        assertThat(all.redis().uri()).isEqualTo("redis://env");
        assertThat(all.backoff()).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(all.optionalKey()).isEqualTo(new Key("k9", "hs256"));
    }

    @Test
    void mapsAreMergedFromAllSources() throws Exception {
        Path file = yaml("{properties: {a: file, b: file, c: file}}");

        Everything all =
                ConfigLoader.load(
                        Everything.class,
                        file,
                        Map.of(
                                "PUSHGATE_PROPERTIES", "b=env,d=env",
                                "PUSHGATE_PROPERTIES_SASL_MECHANISM", "PLAIN"),
                        Map.of());

        assertThat(all.properties())
                .isEqualTo(
                        Map.of(
                                "a",
                                "file",
                                "b",
                                "env",
                                "c",
                                "file",
                                "d",
                                "env",
                                "sasl.mechanism",
                                "PLAIN"));
    }

    @Test
    void everyMistakeIsListedAtOnce() throws Exception {
        Path file =
                yaml(
                        """
                        whole: 11
                        real: NaN
                        flag: perhaps
                        pause: 10 parsecs
                        colour: green
                        backoff: [1s, soon]
                        text:
                        folder: [a]
                        redis:
                          timeot: 1s
                        keys:
                          - algorithm: none
                        """);

        ConfigException mistakes =
                catchThrowableOfType(
                        ConfigException.class,
                        () ->
                                ConfigLoader.load(
                                        Everything.class,
                                        file,
                                        Map.of(
                                                "PUSHGATE_SMALL", "70000",
                                                "PUSHGATE_REDIS_URL", "redis://x",
                                                "PUSHGATE_HOME", "/opt"),
                                        Map.of("colr", "red")));

        assertThat(mistakes.mistakes())
                .containsExactlyInAnyOrder(
                        "PUSHGATE_REDIS_URL: unknown variable; did you mean PUSHGATE_REDIS_URI?",
                        "colr: unknown setting; did you mean colour?",
                        "whole: \"11\" is not allowed; allowed: whole number, at least 0, at most 10 ["
                                + file
                                + "]",
                        "small: \"70000\" is not allowed; allowed: whole number [PUSHGATE_SMALL]",
                        "real: \"NaN\" is not allowed; allowed: number, at least 0, at most 1 ["
                                + file
                                + "]",
                        "flag: \"perhaps\" is not allowed; allowed: true or false [" + file + "]",
                        "pause: \"10 parsecs\" is not allowed; allowed: duration such as 500ms, 10s,"
                                + " 2m, 1h or 7d, at least 1ms, at most 1h ["
                                + file
                                + "]",
                        "colour: \"green\" is not allowed; allowed: one of red, dark-blue ["
                                + file
                                + "]",
                        "backoff: \"soon\" is not allowed; allowed: duration such as 500ms, 10s, 2m,"
                                + " 1h or 7d ["
                                + file
                                + "]",
                        "text: is empty; leave it out for the default [" + file + "]",
                        "folder: is not one value; allowed: path [" + file + "]",
                        "redis.timeot: unknown key; did you mean redis.timeout? [" + file + "]",
                        "keys[0].id: is missing; allowed: text");
        assertThat(mistakes).hasMessageContaining("whole").hasMessageContaining("colr");
    }

    @Test
    void aRequiredSettingNamesItsVariable() {
        assertThatThrownBy(() -> ConfigLoader.load(Root.class, null, Map.of(), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "limits.low: is missing; allowed: whole number (or PUSHGATE_LIMITS_LOW)")
                .hasMessageContaining("limits.high: is missing");
    }

    @Test
    void aRecordThatRefusesItselfIsAMistakeOfTheRecord() {
        assertThatThrownBy(
                        () ->
                                ConfigLoader.load(
                                        Root.class,
                                        null,
                                        Map.of("PUSHGATE_LIMITS_LOW", "5"),
                                        Map.of("limits.high", "4")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("limits: low must not be above high");
    }

    @Test
    void aFileThatCannotBeReadIsOneLine() throws Exception {
        Path missing = folder.resolve("none.yaml");
        assertThatThrownBy(() -> ConfigLoader.load(Everything.class, missing, Map.of(), Map.of()))
                .hasMessage(missing + ": no such file");

        Path broken = yaml("text: 'open\n");
        assertThatThrownBy(() -> ConfigLoader.load(Everything.class, broken, Map.of(), Map.of()))
                .hasMessageContaining("not valid YAML at line");

        Path twice = yaml("text: a\ntext: b\n");
        assertThatThrownBy(() -> ConfigLoader.load(Everything.class, twice, Map.of(), Map.of()))
                .hasMessageContaining("not valid YAML");

        Path list = yaml("- a\n");
        assertThatThrownBy(() -> ConfigLoader.load(Everything.class, list, Map.of(), Map.of()))
                .hasMessageContaining("is not a section");
    }

    @Test
    void anEmptyFileMeansDefaults() throws Exception {
        Path empty = yaml("redis:\n  # nothing\n");
        assertThat(ConfigLoader.load(Everything.class, empty, Map.of(), Map.of()).whole())
                .isEqualTo(1);
    }

    @Test
    void anEmptyVariableIsAMistakeAndNotADefault() {
        assertThatThrownBy(
                        () ->
                                ConfigLoader.load(
                                        Everything.class,
                                        null,
                                        Map.of("PUSHGATE_TEXT", ""),
                                        Map.of()))
                .hasMessage("text: is empty; leave it out for the default [PUSHGATE_TEXT]");
    }

    @Test
    void theDocumentationListsEverySetting() {
        List<ConfigDoc.Entry> entries = ConfigDoc.describe(Root.class);

        assertThat(entries)
                .extracting(ConfigDoc.Entry::path)
                .containsExactly(
                        "name",
                        "limits.low",
                        "limits.high",
                        "kafka.bootstrap-servers",
                        "kafka.partitions",
                        "kafka.replication",
                        "kafka.properties",
                        "kafka.security.protocol",
                        "kafka.security.mechanism",
                        "kafka.security.user",
                        "kafka.security.password",
                        "kafka.security.password-file",
                        "kafka.security.ca");
        assertThat(entries.get(4))
                .isEqualTo(
                        new ConfigDoc.Entry(
                                "kafka.partitions",
                                "PUSHGATE_KAFKA_PARTITIONS",
                                "whole number, at least 1, at most 10000",
                                "12",
                                "Partitions of a topic that has to be created."));
    }

    private Path yaml(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "pushgate", ".yaml"), text);
    }
}
