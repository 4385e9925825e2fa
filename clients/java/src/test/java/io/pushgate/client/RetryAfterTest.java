package io.pushgate.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    @Test
    void readsSecondsAndDates() {
        assertThat(RetryAfter.parse(" 7 ", NOW)).isEqualTo(Duration.ofSeconds(7));
        assertThat(RetryAfter.parse("Sat, 21 Nov 2026 10:00:09 GMT", NOW))
                .isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void staysWithinBounds() {
        assertThat(RetryAfter.parse("999999999", NOW)).isEqualTo(RetryAfter.MAX);
        assertThat(RetryAfter.parse("Sat, 21 Nov 2020 10:00:09 GMT", NOW)).isEqualTo(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "soon", "99999999999999999999", "1.5", "٣"})
    void ignoresWhatMakesNoSense(String header) {
        assertThat(RetryAfter.parse(header, NOW)).isNull();
    }

    @Test
    void noHeaderIsNoWord() {
        assertThat(RetryAfter.parse(null, NOW)).isNull();
    }
}
