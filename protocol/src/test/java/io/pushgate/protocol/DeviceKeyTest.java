package io.pushgate.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceKeyTest {
    @Test
    void readsWhatItWrites() throws Exception {
        DeviceKey key = new DeviceKey("shop", "ann+till@example.org:7");
        assertThat(key).hasToString("shop/ann+till@example.org:7");
        assertThat(DeviceKey.parse(key.toString())).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a", "a/", "/d", "a/b/c", "a b/d", "a:b/d", "a/d{1}", "a/é"})
    void refusesEverythingElse(String text) {
        assertThatThrownBy(() -> DeviceKey.parse(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("not app/device: \"");
    }

    @Test
    void holdsValidNamesOnly() {
        assertThatThrownBy(() -> new DeviceKey("a/b", "d"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DeviceKey("a", ""))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
