package io.pushgate.delayer;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.testkit.MutableClock;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class ShardScheduleTest {
    private final MutableClock clock = MutableClock.create();
    private final ShardSchedule schedule = new ShardSchedule(1, Duration.ofSeconds(4), clock);

    @Test
    void looksAtEveryShardWithinTheIdleTimeAfterTheStart() {
        clock.advance(Duration.ofSeconds(4));
        assertThat(schedule.isDue(0)).isTrue();
    }

    @Test
    void leavesAnIdleShardAlone() {
        schedule.idle(0, Duration.ofDays(1));
        clock.advance(Duration.ofMillis(2999));
        assertThat(schedule.isDue(0)).isFalse();
        clock.advance(Duration.ofMillis(1001));
        assertThat(schedule.isDue(0)).isTrue();
    }

    @Test
    void comesBackWhenSomethingGetsDue() {
        schedule.idle(0, Duration.ofMillis(700));
        clock.advance(Duration.ofMillis(699));
        assertThat(schedule.isDue(0)).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(schedule.isDue(0)).isTrue();
    }

    @Test
    void looksAgainAtOnceWhereThereWasSomething() {
        schedule.idle(0, Duration.ofDays(1));
        schedule.busy(0);
        assertThat(schedule.isDue(0)).isTrue();
    }
}
