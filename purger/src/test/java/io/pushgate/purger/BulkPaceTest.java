package io.pushgate.purger;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.testkit.MutableClock;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class BulkPaceTest {
    private final MutableClock clock = MutableClock.create();
    private final BulkPace pace = new BulkPace(clock, 1_000);

    @Test
    void spacesChunksByWhatTheyTake() {
        assertThat(pace.isDue()).isTrue();
        pace.taken(100);
        clock.advance(Duration.ofMillis(99));
        assertThat(pace.isDue()).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(pace.isDue()).isTrue();
    }

    @Test
    void savesNothingUp() {
        clock.advance(Duration.ofHours(1));
        pace.taken(100);
        assertThat(pace.isDue()).isFalse();
    }

    @Test
    void givesTheSamePaceToWhoIsLate() {
        for (int i = 0; i < 20; i++) {
            pace.taken(50);
        }
        clock.advance(Duration.ofMillis(999));
        assertThat(pace.isDue()).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(pace.isDue()).isTrue();
    }

    @Test
    void takesATenthOfASecondAtATime() {
        assertThat(new BulkPace(clock, 1_000).chunk(500)).isEqualTo(100);
        assertThat(new BulkPace(clock, 5).chunk(500)).isEqualTo(1);
        assertThat(new BulkPace(clock, 1_000_000).chunk(500)).isEqualTo(500);
    }
}
