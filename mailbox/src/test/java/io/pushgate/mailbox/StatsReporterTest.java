package io.pushgate.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

class StatsReporterTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private void connections(String name, int count, String... tags) {
        AtomicInteger open = new AtomicInteger(count);
        Gauge.builder(name, open::get).strongReference(true).tags(tags).register(meters);
    }

    private void delay(String stage, long millis) {
        Timer.builder("pushgate.stage.delay")
                .tag("stage", stage)
                .serviceLevelObjectives(
                        ProcessReport.BOUNDS.stream()
                                .map(Duration::ofMillis)
                                .toArray(Duration[]::new))
                .register(meters)
                .record(Duration.ofMillis(millis));
    }

    @Test
    void aReportIsMadeOfTheMeters() {
        meters.counter("pushgate.access.redelivered", "attempt", "1").increment(2);
        meters.counter("pushgate.access.redelivered", "attempt", "2").increment(3);
        meters.counter("pushgate.purger.offers", "outcome", "accepted").increment(7);
        meters.counter("pushgate.purger.offers", "outcome", "duplicate").increment(9);
        meters.counter("pushgate.access.sent");
        connections("pushgate.access.connections", 2, "platform", "pos", "version", "1");
        connections("pushgate.access.connections", 3, "platform", "pos", "version", "2");
        connections("pushgate.access.connections", 0, "platform", "pc", "version", "1");
        connections("pushgate.access.app.connections", 5, "app", "shop");
        delay("dispatched", 4);
        delay("dispatched", 30);
        delay("dispatched", 90_000);
        ProcessReports reports = new ProcessReports(Backend.SINGLE.connection());
        try (StatsReporter reporter = new StatsReporter("n1", reports, meters)) {
            ProcessReport report = reporter.report();
            assertThat(report.counts()).isEqualTo(Map.of("accepted", 7L, "redelivered", 5L));
            assertThat(report.connections())
                    .isEqualTo(
                            Map.of(
                                    "platform", Map.of("pos", 5),
                                    "version", Map.of("1", 2, "2", 3),
                                    "app", Map.of("shop", 5)));
            assertThat(report.stages().get("dispatched"))
                    .isEqualTo(
                            List.of(
                                    0L, 0L, 1L, 1L, 1L, 2L, 2L, 2L, 2L, 2L, 2L, 2L, 2L, 2L, 2L,
                                    3L));
        }
    }

    @Test
    void itIsSentAgainAndAgain() {
        Fixture.on(Backend.SINGLE);
        ProcessReports reports = new ProcessReports(Backend.SINGLE.connection());
        try (StatsReporter reporter = new StatsReporter("n1", reports, meters)) {
            reporter.start();
            await().until(() -> !Fixture.get(reports.all()).isEmpty());
            meters.counter("pushgate.access.acked").increment();
            await().until(
                            () ->
                                    Fixture.get(reports.all())
                                            .getFirst()
                                            .counts()
                                            .containsKey("acked"));
        }
    }
}
