package io.pushgate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.loadtest.machine.Stalls;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.SplittableRandom;

class LatenciesTest {
    private static final long MILLI = 1_000_000;
    private static final long START = -5 * MILLI; // nanoTime has any sign.

    /** One message each millisecond. */
    private final Schedule schedule = new Schedule(100, 1_000, 1, new SplittableRandom(1));

    private final Account account = new Account(100, 1);

    @Test
    void measuresFromTheScheduledTime() {
        for (int i = 0; i < 100; i++) {
            receive(i, START + i * MILLI + (i + 1) * MILLI);
        }
        Latency all = Latencies.of(schedule, account, START, List.of()).all();
        assertThat(all.count()).isEqualTo(100);
        assertThat(all.p50()).isBetween(49_900L, 50_100L);
        assertThat(all.p99()).isBetween(98_900L, 99_200L);
        assertThat(all.max()).isBetween(99_900L, 100_200L);
    }

    @Test
    void leavesOutWhatWasInFlightInAStall() {
        for (int i = 0; i < 100; i++) {
            receive(i, START + i * MILLI + 2 * MILLI);
        }
        var stalls =
                List.of(
                        new Stalls.Interval(START - 50 * MILLI, START - MILLI),
                        new Stalls.Interval(START + 10 * MILLI, START + 20 * MILLI),
                        new Stalls.Interval(START + 50 * MILLI, START + 51 * MILLI));
        Latencies latencies = Latencies.of(schedule, account, START, stalls);
        // Sent at 8 to 20 (received 2 later), and at 48 to 51.
        assertThat(latencies.all().count() - latencies.quiet().count()).isEqualTo(13 + 4);
    }

    @Test
    void aMessageThatSpansSeveralStallsIsLeftOutOnce() {
        receive(0, START + 90 * MILLI);
        receive(80, START + 81 * MILLI);
        var stalls =
                List.of(
                        new Stalls.Interval(START + 10 * MILLI, START + 20 * MILLI),
                        new Stalls.Interval(START + 30 * MILLI, START + 40 * MILLI));
        Latencies latencies = Latencies.of(schedule, account, START, stalls);
        assertThat(latencies.all().count()).isEqualTo(2);
        assertThat(latencies.quiet().count()).isEqualTo(1);
    }

    @Test
    void nothingReceivedIsAllZeros() {
        Latencies latencies = Latencies.of(schedule, account, START, List.of());
        assertThat(latencies.all()).isEqualTo(new Latency(0, 0, 0, 0, 0));
    }

    private void receive(int message, long at) {
        account.received(0, message, message + 1, at);
    }
}
