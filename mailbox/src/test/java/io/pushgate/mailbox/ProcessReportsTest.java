package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.get;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** {@code report.lua}. */
class ProcessReportsTest {
    private static ProcessReport report(String id, long written) {
        return new ProcessReport(
                id,
                Map.of("written", written),
                Map.of("dispatched", List.of(1L, 2L)),
                Map.of("app", Map.of("shop", 3)));
    }

    @ParameterizedTest
    @EnumSource
    void theLastOneOfEachProcessCounts(Backend backend) {
        Fixture.on(backend);
        ProcessReports reports = new ProcessReports(backend.connection());
        get(reports.report(report("n1", 1)));
        get(reports.report(report("n2", 2)));
        get(reports.report(report("n1", 3)));
        assertThat(get(reports.all())).containsExactlyInAnyOrder(report("n1", 3), report("n2", 2));
    }

    @ParameterizedTest
    @EnumSource
    void oneThatRanOutIsForgottenWithTheNext(Backend backend) {
        Fixture f = Fixture.on(backend);
        ProcessReports reports = new ProcessReports(backend.connection());
        get(reports.report(report("gone", 1)));
        get(f.commands().zadd(Bytes.of("{stats}index"), 1, Bytes.of("gone")));
        get(reports.report(report("n1", 1)));
        assertThat(get(reports.all())).containsExactly(report("n1", 1));
        assertThat(get(f.commands().pttl(Bytes.of("{stats}reports"))))
                .isBetween(1L, ProcessReports.HOLDS.toMillis());
    }

    @ParameterizedTest
    @EnumSource
    void whatCannotBeReadIsLeftOut(Backend backend) {
        Fixture f = Fixture.on(backend);
        ProcessReports reports = new ProcessReports(backend.connection());
        get(reports.report(report("n1", 1)));
        get(f.commands().hset(Bytes.of("{stats}reports"), Bytes.of("n2"), Bytes.of("{")));
        assertThat(get(reports.all())).containsExactly(report("n1", 1));
        assertThat(StatsReporter.EVERY)
                .isLessThan(ProcessReports.HOLDS.minus(Duration.ofSeconds(5)));
    }
}
