package io.pushgate.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class SecretTest {
    private static final Map<String, String> ENV =
            Map.of("PUSHGATE_SECURITY_USER", "gate", "PUSHGATE_SECURITY_PASSWORD", "hush-1");

    @TempDir Path folder;

    @Test
    void aPasswordComesFromTheEnvironmentAndShowsInNoText() throws Exception {
        RedisConfig config = ConfigLoader.load(RedisConfig.class, null, ENV, Map.of());
        assertThat(config.security().currentPassword()).isEqualTo("hush-1");
        assertThat(config.toString()).contains("gate").doesNotContain("hush");
    }

    @Test
    void aMistakeDoesNotRepeatIt() {
        assertThatThrownBy(
                        () ->
                                ConfigLoader.load(
                                        RedisConfig.class,
                                        null,
                                        ENV,
                                        Map.of("security.password-file", "x", "timeout", "soon")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("security: give password or password-file, not both")
                .hasMessageContaining("timeout")
                .hasMessageNotContaining("hush");
    }

    @Test
    void aFileHoldsOneLine() throws Exception {
        Path file = folder.resolve("password");
        Files.writeString(file, "hush-2\r\n");
        assertThat(Secret.read(file, "x").value()).isEqualTo("hush-2");

        for (String wrong : new String[] {"", "\n", "hush\nhush", "h".repeat(5_000)}) {
            Files.writeString(file, wrong);
            assertThatThrownBy(() -> Secret.read(file, "redis.security.password-file"))
                    .hasMessageStartingWith("redis.security.password-file: ")
                    .hasMessageNotContaining("hush");
        }
    }
}
