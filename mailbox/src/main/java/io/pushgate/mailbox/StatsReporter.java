package io.pushgate.mailbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Makes the report of a process from its meters, every 2 s on a thread of its own. A report that is
 * lost is followed by the next.
 */
public final class StatsReporter implements AutoCloseable {
    /** How often a process reports. */
    public static final Duration EVERY = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(StatsReporter.class);
    private static final String CONNECTIONS = "pushgate.access.connections";
    private static final String CONNECTIONS_BY_APP = "pushgate.access.app.connections";
    private static final String STAGES = "pushgate.stage.delay";

    private final String id;
    private final ProcessReports reports;
    private final MeterRegistry registry;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("stats-reporter").factory());

    /**
     * @param id of the process
     */
    public StatsReporter(String id, ProcessReports reports, MeterRegistry registry) {
        this.id = id;
        this.reports = reports;
        this.registry = registry;
    }

    public void start() {
        var _ =
                timer.scheduleWithFixedDelay(
                        this::send, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void send() {
        try {
            reports.report(report())
                    .toCompletableFuture()
                    .get(EVERY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | TimeoutException | RuntimeException e) {
            // A task that throws would never run again.
            log.debug("this process's report was not taken", e);
        }
    }

    /** How things stand; any thread. */
    ProcessReport report() {
        Map<String, Long> counts = new HashMap<>();
        counts.put("accepted", sum("pushgate.purger.offers", "outcome", "accepted"));
        counts.put("written", sum("pushgate.access.sent"));
        counts.put("acked", sum("pushgate.access.acked"));
        counts.put("redelivered", sum("pushgate.access.redelivered"));
        counts.values().removeIf(count -> count == 0);
        Map<String, Map<String, Integer>> connections = new HashMap<>();
        gauges(CONNECTIONS, "platform", connections);
        gauges(CONNECTIONS, "version", connections);
        gauges(CONNECTIONS_BY_APP, "app", connections);
        return new ProcessReport(id, counts, stages(), connections);
    }

    private long sum(String name, String... tags) {
        return (long)
                registry.find(name).tags(tags).counters().stream()
                        .mapToDouble(Counter::count)
                        .sum();
    }

    private void gauges(String name, String tag, Map<String, Map<String, Integer>> into) {
        Map<String, Integer> values = new HashMap<>();
        for (Gauge gauge : registry.find(name).gauges()) {
            String value = gauge.getId().getTag(tag);
            int count = (int) gauge.value();
            if (value != null && count > 0) {
                values.merge(value, count, Integer::sum);
            }
        }
        if (!values.isEmpty()) {
            into.put(tag, values);
        }
    }

    private Map<String, List<Long>> stages() {
        Map<String, List<Long>> stages = new HashMap<>();
        for (Timer stage : registry.find(STAGES).timers()) {
            String name = stage.getId().getTag("stage");
            if (name != null && stage.count() > 0) {
                stages.put(name, cumulative(stage));
            }
        }
        return stages;
    }

    private static List<Long> cumulative(Timer timer) {
        Map<Long, Long> counts = new HashMap<>();
        for (CountAtBucket bucket : timer.takeSnapshot().histogramCounts()) {
            counts.put((long) bucket.bucket(TimeUnit.MILLISECONDS), (long) bucket.count());
        }
        List<Long> cumulative = new ArrayList<>();
        long below = 0;
        for (int bound : ProcessReport.BOUNDS) {
            below = counts.getOrDefault((long) bound, below);
            cumulative.add(below);
        }
        cumulative.add(Math.max(below, timer.count()));
        return cumulative;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
