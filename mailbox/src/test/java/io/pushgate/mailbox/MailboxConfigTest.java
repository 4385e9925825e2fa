package io.pushgate.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushgate.runtime.config.ConfigException;
import io.pushgate.runtime.config.ConfigLoader;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class MailboxConfigTest {
    @Test
    void theDefaultsAreThoseOfTheConfiguration() throws ConfigException {
        assertThat(ConfigLoader.load(MailboxConfig.class, null, Map.of(), Map.of()))
                .isEqualTo(MailboxConfig.defaults());
    }

    @Test
    void badValuesAreMistakes() {
        assertThatThrownBy(
                        () ->
                                ConfigLoader.load(
                                        MailboxConfig.class,
                                        null,
                                        Map.of("PUSHGATE_SHARDS", "0", "PUSHGATE_JITTER", "2"),
                                        Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("shards")
                .hasMessageContaining("jitter");
    }

    @Test
    void withoutABackoffThereIsNone() {
        assertThatThrownBy(() -> new MailboxConfig(1, 1, List.of(), 0, 512))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
