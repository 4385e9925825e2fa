package io.pushgate.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @Test
    void allowsEachKindItsOwnCharacters() {
        assertThat(accepted("Az09._-")).isEqualTo("message app address label");
        assertThat(accepted("a:b")).isEqualTo("message address");
        assertThat(accepted("a@b")).isEqualTo("address");
        assertThat(accepted("a+b")).isEqualTo("address");
    }

    @Test
    void boundsTheLength() {
        assertThat(accepted("a".repeat(64))).isEqualTo("message app address label");
        assertThat(accepted("a".repeat(65))).isEqualTo("message address");
        assertThat(accepted("a".repeat(128))).isEqualTo("message address");
        assertThat(accepted("a".repeat(129))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "a b", "a/b", "{a}", "a\n", "\u0000", "é", "\u0430", "１", "a,b", "a*",
                "a\"", "😀", "\uD800"
            })
    void refusesWhatWouldNeedEscapingSomewhere(String name) {
        assertThat(accepted(name)).isEmpty();
    }

    private static String accepted(String name) {
        return ((Names.isMessageId(name) ? "message " : "")
                        + (Names.isApp(name) ? "app " : "")
                        + (Names.isAddress(name) ? "address " : "")
                        + (Names.isLabel(name) ? "label" : ""))
                .strip();
    }
}
