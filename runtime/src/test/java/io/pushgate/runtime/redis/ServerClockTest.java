package io.pushgate.runtime.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

class ServerClockTest {
    private static final long SERVER = 1_763_712_345_000L;

    private long nanos = Duration.ofSeconds(7).toNanos();
    private Instant wall = Instant.ofEpochMilli(SERVER - 5_000);
    private final ServerClock clock = new ServerClock(() -> nanos, () -> wall);

    @Test
    void isTheMachinesOwnUntilRedisAnswers() {
        assertThat(clock.millis()).isEqualTo(SERVER - 5_000);
    }

    @Test
    void goesOnFromWhatRedisSaid() {
        answer(SERVER, 1);
        pass(250);
        assertThat(clock.millis()).isEqualTo(SERVER + 250);
        assertThat(clock.instant()).isEqualTo(Instant.ofEpochMilli(SERVER + 250));
    }

    @Test
    void doesNotFollowAMachineWhoseClockJumps() {
        answer(SERVER, 1);
        wall = wall.plus(Duration.ofHours(1));
        assertThat(clock.millis()).isEqualTo(SERVER);
        wall = wall.minus(Duration.ofHours(2));
        assertThat(clock.millis()).isEqualTo(SERVER);
    }

    @Test
    void prefersTheAnswerThatTookTheShortest() {
        answer(SERVER, 1);
        pass(1_000);
        // Redis stood still for two seconds before the answer arrived: it is older than it looks.
        answer(SERVER + 1_000, 2_000);
        assertThat(clock.millis()).isEqualTo(SERVER + 3_000);
    }

    @Test
    void isNeverAheadOfRedis() {
        answer(SERVER, 40);
        // Redis' true time lies between what it said and that plus the 40 ms the answer took.
        assertThat(clock.millis()).isEqualTo(SERVER);
    }

    @Test
    void forgetsOldAnswersSoThatItFollowsRedis() {
        answer(SERVER, 1);
        long jumped = SERVER + 60_000;
        for (int i = 0; i < ServerClock.KEPT; i++) {
            answer(jumped, 2);
        }
        assertThat(clock.millis()).isEqualTo(jumped);
    }

    private void answer(long serverMillis, long tookMillis) {
        long sent = nanos;
        pass(tookMillis);
        clock.answered(sent, serverMillis);
    }

    private void pass(long millis) {
        nanos += Duration.ofMillis(millis).toNanos();
    }
}
