package io.pushgate.loadtest.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.testkit.Seeds;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReconnectsTest {
    private final Reconnects reconnects = new Reconnects(Seeds.random());

    @RepeatedTest(20)
    void waitsARandomTimeUnderABoundThatDoublesUpToHalfAMinute() {
        assertThat(reconnects.waitMillis(null, 0)).isBetween(0L, 500L);
        assertThat(reconnects.waitMillis(null, 3)).isBetween(0L, 4_000L);
        assertThat(reconnects.waitMillis(null, 127)).isBetween(0L, 30_000L);
    }

    @Test
    void waitsAtLeastAsLongAsTheServerAsks() {
        assertThat(reconnects.waitMillis("7", 0)).isBetween(7_000L, 7_500L);
        assertThat(reconnects.waitMillis("99999", 0)).isBetween(600_000L, 600_500L);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "-1", "soon", "9999999999", "Wed, 21 Oct 2026 07:28:00 GMT"})
    void anythingButSecondsIsNoWord(String header) {
        assertThat(reconnects.waitMillis(header, 0)).isBetween(0L, 500L);
    }
}
