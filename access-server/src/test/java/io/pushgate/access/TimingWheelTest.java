package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.testkit.MutableClock;
import io.pushgate.testkit.Seeds;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class TimingWheelTest {
    private static final Duration TICK = Duration.ofMillis(100);

    private final MutableClock clock = MutableClock.create();
    private final TimingWheel wheel = new TimingWheel(clock, TICK, 8);

    @Test
    void firesAtTheDeadlineAndNotBefore() {
        Recorder entry = new Recorder();
        wheel.schedule(entry, in(350));

        pass(300);
        assertThat(entry.fired).isEmpty();
        pass(100);
        assertThat(entry.fired).hasSize(1);
        assertThat(wheel.size()).isZero();
    }

    @Test
    void asksAgainWhereTheDeadlineWasPushedBack() {
        Recorder entry = new Recorder();
        entry.next = in(700);
        wheel.schedule(entry, in(200));

        pass(200);
        assertThat(entry.fired).hasSize(1);
        entry.next = TimingWheel.NEVER;
        pass(400);
        assertThat(entry.fired).hasSize(1);
        pass(100);
        assertThat(entry.fired).hasSize(2);
    }

    @Test
    void leavesWhatIsMoreThanOneTurnAway() {
        Recorder entry = new Recorder();
        wheel.schedule(entry, in(2_500));

        pass(2_400);
        assertThat(entry.fired).isEmpty();
        pass(100);
        assertThat(entry.fired).hasSize(1);
    }

    @Test
    void movesNearerAndNeverFurther() {
        Recorder entry = new Recorder();
        wheel.schedule(entry, in(500));
        wheel.schedule(entry, in(200));
        wheel.schedule(entry, in(700));
        wheel.schedule(entry, TimingWheel.NEVER);

        assertThat(wheel.size()).isEqualTo(1);
        pass(200);
        assertThat(entry.fired).hasSize(1);
    }

    @Test
    void neverFiresWhatWasCancelled() {
        Recorder entry = new Recorder();
        wheel.schedule(entry, in(100));
        wheel.cancel(entry);
        wheel.cancel(entry);

        pass(1_000);
        assertThat(entry.fired).isEmpty();
        assertThat(wheel.size()).isZero();
    }

    @Test
    void oneEntryMayCancelAnotherOfItsSlot() {
        Recorder second = new Recorder();
        TimingWheel.Entry first =
                new TimingWheel.Entry() {
                    @Override
                    long expire(long now) {
                        wheel.cancel(second);
                        return TimingWheel.NEVER;
                    }
                };
        Recorder third = new Recorder();
        wheel.schedule(third, in(100));
        wheel.schedule(second, in(100));
        wheel.schedule(first, in(100));

        pass(100);
        assertThat(second.fired).isEmpty();
        assertThat(third.fired).hasSize(1);
        assertThat(wheel.size()).isZero();
    }

    @Test
    void catchesUpAfterAPauseOfManyTurns() {
        List<Recorder> entries = new ArrayList<>();
        for (int i = 1; i <= 50; i++) {
            Recorder entry = new Recorder();
            entries.add(entry);
            wheel.schedule(entry, in(i * 60L));
        }

        pass(60_000);
        assertThat(entries).allSatisfy(entry -> assertThat(entry.fired).hasSize(1));
    }

    @Test
    void firesEverythingOnceWithinATickOfItsTime() {
        Random random = Seeds.random();
        List<Recorder> entries = new ArrayList<>();
        List<Long> deadlines = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            long deadline = in(1 + random.nextInt(5_000));
            Recorder entry = new Recorder();
            entries.add(entry);
            deadlines.add(deadline);
            wheel.schedule(entry, deadline);
        }
        for (int i = 0; i < 600; i++) {
            pass(10);
        }
        for (int i = 0; i < entries.size(); i++) {
            assertThat(entries.get(i).fired).hasSize(1);
            assertThat(entries.get(i).fired.getFirst() - deadlines.get(i))
                    .isBetween(0L, TICK.plusMillis(10).toNanos());
        }
    }

    private long in(long millis) {
        return clock.nanos() + Duration.ofMillis(millis).toNanos();
    }

    private void pass(long millis) {
        clock.advance(Duration.ofMillis(millis));
        wheel.advance();
    }

    private static final class Recorder extends TimingWheel.Entry {
        private final List<Long> fired = new ArrayList<>();
        private long next = TimingWheel.NEVER;

        @Override
        long expire(long now) {
            fired.add(now);
            return next;
        }
    }
}
