package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.benchmarks.Means;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** That what is compared does the same. */
class WheelBenchmarkTest {
    private static final Duration SILENCE = Duration.ofMillis(200);

    @ParameterizedTest
    @ValueSource(strings = {"wheel", "netty-lazy", "netty-rearm", "agrona-lazy"})
    void aTickCostsSomethingAndNobodyWhoIsReadExpires(String name) {
        WheelBenchmark benchmark = new WheelBenchmark();
        benchmark.timers = name;
        benchmark.connections = 2_000;
        Means.clear();
        benchmark.open();
        for (int i = 0; i < 5; i++) {
            benchmark.tick();
        }
        benchmark.close();
        assertThat(Means.of("cpu.read")).isPositive();
        assertThat(Means.of("cpu.tick")).isPositive();
    }

    /**
     * @param longestPause between two reads, in nanoseconds
     * @param expired of each kind of timers
     */
    private record Run(long longestPause, List<Long> expired) {}

    @Test
    void whoIsSilentExpiresAndWhoIsReadDoesNot() {
        // A machine that stands still for as long makes silent whoever it likes.
        Run run =
                await().atMost(Duration.ofMinutes(1))
                        .pollInSameThread()
                        .until(
                                WheelBenchmarkTest::run,
                                done -> done.longestPause() < SILENCE.toNanos() / 2);
        assertThat(run.expired()).containsExactly(2L, 2L, 2L, 2L);
    }

    /** Three connections to each kind of timers, of which one is read all the time. */
    private static Run run() {
        List<SilenceTimers> all =
                Stream.of("wheel", "netty-lazy", "netty-rearm", "agrona-lazy")
                        .map(name -> WheelBenchmark.timers(name, 3, SILENCE.toNanos()))
                        .toList();
        for (SilenceTimers timers : all) {
            for (int i = 0; i < 3; i++) {
                timers.connect(i);
            }
        }
        long begin = System.nanoTime();
        long[] last = {begin};
        long[] longest = {0};
        await().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(
                        () -> {
                            for (SilenceTimers timers : all) {
                                timers.read(0);
                                timers.tick();
                            }
                            long now = System.nanoTime();
                            longest[0] = Math.max(longest[0], now - last[0]);
                            last[0] = now;
                            return now - begin > 3 * SILENCE.toNanos();
                        });
        List<Long> expired = all.stream().map(SilenceTimers::expired).toList();
        all.forEach(SilenceTimers::close);
        return new Run(longest[0], expired);
    }
}
