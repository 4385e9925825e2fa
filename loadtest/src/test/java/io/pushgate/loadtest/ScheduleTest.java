package io.pushgate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.SplittableRandom;

class ScheduleTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 2_000, 999_983})
    void sendsExactlyTheRateEachSecond(int rate) {
        int messages = rate * Math.clamp(100_000 / rate, 2, 100);
        Schedule schedule = new Schedule(messages, rate, 10, new SplittableRandom(1));
        for (int i = 0; i < messages; i++) {
            assertThat(schedule.offset(i) / 1_000_000_000L).isEqualTo(i / rate);
            assertThat(i == 0 ? 0 : schedule.offset(i))
                    .isGreaterThanOrEqualTo(i == 0 ? 0 : schedule.offset(i - 1));
        }
        assertThat(schedule.offset(0)).isZero();
        assertThat(schedule.offset(rate)).isEqualTo(1_000_000_000L);
    }

    @Test
    void numbersTheMessagesOfEachDevice() {
        Schedule schedule = new Schedule(10_000, 100, 7, new SplittableRandom(1));
        int[] last = new int[7];
        for (int i = 0; i < schedule.messages(); i++) {
            assertThat(schedule.device(i)).isBetween(0, 6);
            assertThat(schedule.sequence(i)).isEqualTo(++last[schedule.device(i)]);
        }
        assertThat(last).doesNotContain(0);
    }
}
