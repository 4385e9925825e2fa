package io.pushgate.console.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pushgate.mailbox.ProcessReport;
import io.pushgate.mailbox.ProcessReports;
import io.pushgate.runtime.redis.RedisConnection;
import io.pushgate.testkit.TestRedis;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class StatsHistoryTest {
    private RedisConnection redis;
    private StatsHistory history;

    @BeforeEach
    void open() {
        redis = RedisConnection.open(TestRedis.shared().config());
        history = new StatsHistory(new ProcessReports(redis), InstantSource.system());
    }

    @AfterEach
    void close() {
        history.close();
        redis.close();
    }

    /** All of {@code count} delays between 10 and 20 ms. */
    private static List<Long> between10And20(long count) {
        List<Long> counts = new ArrayList<>();
        ProcessReport.BOUNDS.forEach(bound -> counts.add(bound <= 10 ? 0 : count));
        counts.add(count);
        return counts;
    }

    private static ProcessReport report(String id, long written) {
        return new ProcessReport(
                id, Map.of("written", written), Map.of("s", between10And20(written)), Map.of());
    }

    @Test
    void aSampleIsWhatChanged() {
        history.add(1_000, List.of(report("a", 100)));
        assertThat(history.samples()).isEmpty();
        history.add(3_000, List.of(report("a", 300), report("b", 50)));
        StatsHistory.Sample first = history.samples().getFirst();
        assertThat(first.at()).isEqualTo(3_000);
        assertThat(first.rates()).containsOnly(Map.entry("written", 100.0));
        StatsHistory.Delay delay = Objects.requireNonNull(first.stages().get("s"));
        assertThat(delay.p50()).isCloseTo(15, within(0.01));
        assertThat(delay.p99()).isCloseTo(19.9, within(0.01));
    }

    @Test
    void aRestartedProcessCountsFromNothing() {
        history.add(1_000, List.of(report("a", 100)));
        history.add(2_000, List.of(report("a", 7)));
        assertThat(history.samples().getFirst().rates()).containsEntry("written", 7.0);
    }

    @Test
    void whatNothingPassedHasNoDelay() {
        history.add(1_000, List.of(report("a", 100)));
        history.add(2_000, List.of(report("a", 100)));
        assertThat(history.samples().getFirst().stages()).isEmpty();
    }

    @Test
    void whatIsBeyondTheLastBoundCountsAsThat() {
        List<Long> counts = new ArrayList<>();
        ProcessReport.BOUNDS.forEach(_ -> counts.add(0L));
        counts.add(5L);
        assertThat(StatsHistory.percentile(counts, 0.99)).isEqualTo(60_000);
    }

    @Test
    void tenMinutesAreKept() {
        for (int i = 0; i <= StatsHistory.MAX_SAMPLES + 5; i++) {
            history.add(1_000 + i, List.of(report("a", i)));
        }
        assertThat(history.samples()).hasSize(StatsHistory.MAX_SAMPLES);
        assertThat(history.samples().getLast().at()).isEqualTo(1_005 + StatsHistory.MAX_SAMPLES);
    }
}
