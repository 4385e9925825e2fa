package io.pushgate.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

class BackoffTest {
    private static final Duration MIN = Duration.ofMillis(500);
    private static final Duration MAX = Duration.ofSeconds(30);

    /** Draws one less than the bound, so that each wait is the longest possible. */
    private static final class Highest implements RandomGenerator {
        @Override
        public long nextLong() {
            return 0;
        }

        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    }

    @Test
    void theBoundDoublesUpToTheMaximumAndNeverOverflows() {
        Backoff backoff = new Backoff(MIN, MAX, new Highest());
        List<Long> bounds = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            bounds.add(backoff.next().toMillis());
        }
        assertThat(bounds)
                .containsExactly(500L, 1000L, 2000L, 4000L, 8000L, 16000L, 30000L, 30000L, 30000L);
        for (int i = 0; i < 1_000; i++) {
            assertThat(backoff.next()).isEqualTo(MAX);
        }
    }

    @Test
    void jitterFillsTheWholeRangeFromZero() {
        SplittableRandom random = new SplittableRandom(7);
        int low = 0;
        for (int i = 0; i < 1_000; i++) {
            Duration wait = new Backoff(MIN, MAX, random).next();
            assertThat(wait).isBetween(Duration.ZERO, MIN);
            low += wait.toMillis() < 250 ? 1 : 0;
        }
        assertThat(low).isBetween(420, 580);
    }

    @Test
    void startsOverAfterAReset() {
        Backoff backoff = new Backoff(MIN, MAX, new Highest());
        backoff.next();
        backoff.next();
        backoff.reset();
        assertThat(backoff.next()).isEqualTo(MIN);
    }

    @Test
    void refusesBoundsThatMakeNoSense() {
        assertThatThrownBy(() -> new Backoff(Duration.ZERO, MAX, new Highest()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Backoff(MAX, MIN, new Highest()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
