package io.pushgate.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {
    @Test
    void readsWhatRedisWrites() throws Exception {
        assertThat(Position.parse("1763712345678-12"))
                .isEqualTo(new Position(1763712345678L, 12))
                .hasToString("1763712345678-12");
        assertThat(Position.parse("9223372036854775807-9223372036854775807"))
                .isEqualTo(new Position(Long.MAX_VALUE, Long.MAX_VALUE));
        assertThat(Position.parse("0-0")).isEqualTo(Position.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "1",
                "1-",
                "-1",
                "--1",
                "1--1",
                "1-2-3",
                "+1-1",
                "1-+1",
                " 1-1",
                "1-1 ",
                "a-1",
                "1-a",
                "１-1",
                "9223372036854775808-0",
                "0-9223372036854775808",
                "0000000000000000000000000000000000000000-0"
            })
    void refusesEverythingElse(String text) {
        assertThatThrownBy(() -> Position.parse(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("not a position");
    }

    @Test
    void isOrderedByMillisecondsThenSequence() {
        Position early = new Position(9, 100);
        Position late = new Position(10, 0);
        assertThat(late.isAfter(early)).isTrue();
        assertThat(early.isAfter(late)).isFalse();
        assertThat(new Position(10, 1).isAfter(late)).isTrue();
        assertThat(late.isAfter(late)).isFalse();
        assertThat(early.isAfter(Position.NONE)).isTrue();
    }

    @Test
    void isNeverNegative() {
        assertThatThrownBy(() -> new Position(-1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Position(0, -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
