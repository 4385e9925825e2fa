package io.pushgate.loadtest.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class StallsTest {
    private static final long MILLI = Duration.ofMillis(1).toNanos();

    private final FakeWork work = new FakeWork();
    private final Stalls stalls = new Stalls(work);
    private long now = Long.MAX_VALUE - 50 * MILLI; // The clock may wrap.

    private static final class FakeWork implements Stalls.Work {
        private long busy;
        private long collector;

        @Override
        public long busyNanos() {
            return busy;
        }

        @Override
        public long collectorNanos() {
            return collector;
        }

        @Override
        public int processors() {
            return 2;
        }
    }

    @Test
    void ticksInTimeAreNoStall() {
        ticks(1_000);
        advance(22, 0);
        assertThat(stalls.intervals()).isEmpty();
    }

    @Test
    void aLateTickOfAnIdleMachineIsOne() {
        ticks(100);
        long from = now;
        advance(23, 0);
        assertThat(stalls.intervals()).containsExactly(new Stalls.Interval(from, now));
        ticks(100);
        advance(180, 0);
        assertThat(stalls.intervals()).hasSize(2);
        assertThat(stalls.intervals().getLast().to()).isEqualTo(now);
    }

    @Test
    void aLateTickOfABusyMachineIsTooMuchLoad() {
        ticks(100);
        advance(100, 200);
        assertThat(stalls.intervals()).isEmpty();
    }

    @Test
    void workBeforeTheStallDoesNotHideIt() {
        for (int i = 0; i < 100; i++) {
            advance(1, 2);
        }
        advance(40, 0);
        assertThat(stalls.intervals()).hasSize(1);
    }

    @Test
    void aCollectionIsOurOwnFault() {
        ticks(100);
        work.collector += 60 * MILLI;
        advance(100, 0);
        assertThat(stalls.intervals()).isEmpty();
    }

    @Test
    void theFirstTickIsNeverLate() {
        stalls.tick(now);
        assertThat(stalls.intervals()).isEmpty();
    }

    @Test
    void readsBusyTimeFromTheKernel() {
        assertThat(MachineWork.busyOf("cpu  9304 5 2935 314490 1171 1 47 13 0 0"))
                .isEqualTo((9304 + 5 + 2935 + 1 + 47) * 10 * MILLI);
        MachineWork machine = new MachineWork();
        long before = machine.busyNanos();
        assertThat(before).isPositive();
        assertThat(machine.collectorNanos()).isNotNegative();
    }

    @Test
    void theWatchStopsWhenClosed() {
        StallWatch watch = StallWatch.start();
        assertThat(watch.intervals()).isNotNull();
        watch.close();
    }

    private void ticks(int count) {
        for (int i = 0; i < count; i++) {
            advance(1, 0);
        }
    }

    private void advance(int millis, int busyMillis) {
        now += millis * MILLI;
        work.busy += busyMillis * MILLI;
        stalls.tick(now);
    }
}
