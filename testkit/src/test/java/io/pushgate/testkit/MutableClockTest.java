package io.pushgate.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

class MutableClockTest {
    @Test
    void clockTickerAndOtherZonesMoveTogetherAndOnlyByHand() {
        MutableClock clock = MutableClock.create();
        MutableClock shanghai = clock.withZone(ZoneId.of("Asia/Shanghai"));
        Instant start = clock.instant();
        assertThat(clock.instant()).isEqualTo(start);
        assertThat(clock.nanos()).isZero();

        clock.advance(Duration.ofSeconds(5));

        assertThat(clock.instant()).isEqualTo(start.plusSeconds(5));
        assertThat(clock.millis()).isEqualTo(start.toEpochMilli() + 5_000);
        assertThat(clock.nanos()).isEqualTo(5_000_000_000L);
        assertThat(shanghai.instant()).isEqualTo(clock.instant());
        assertThat(shanghai.getZone()).isEqualTo(ZoneId.of("Asia/Shanghai"));
    }
}
