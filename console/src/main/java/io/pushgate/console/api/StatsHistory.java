package io.pushgate.console.api;

import io.pushgate.mailbox.ProcessReport;
import io.pushgate.mailbox.ProcessReports;
import io.pushgate.mailbox.StatsReporter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads the reports of all processes every 2 s and keeps what changed between them, for the last
 * {@value #MAX_SAMPLES} times. Any thread may ask.
 */
public final class StatsHistory implements AutoCloseable {
    static final int MAX_SAMPLES = 300;

    private static final Logger log = LoggerFactory.getLogger(StatsHistory.class);
    private static final double MILLIS_PER_SECOND = 1000;

    private final ProcessReports reports;
    private final InstantSource clock;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("console-stats").factory());
    private final Deque<Sample> samples = new ArrayDeque<>();
    private List<ProcessReport> latest = List.of();
    private Map<String, ProcessReport> before = Map.of();
    private long beforeAt;

    public StatsHistory(ProcessReports reports, InstantSource clock) {
        this.reports = reports;
        this.clock = clock;
    }

    /**
     * What happened between two readings.
     *
     * @param at epoch milliseconds
     * @param rates messages a second, by what was done with them
     * @param stages delays in milliseconds, by stage; without those that nothing passed
     */
    record Sample(long at, Map<String, Double> rates, Map<String, Delay> stages) {}

    /** Percentiles, read off a histogram: within a bucket the delays are taken to be even. */
    record Delay(double p50, double p99) {}

    public void start() {
        long every = StatsReporter.EVERY.toMillis();
        var _ = timer.scheduleWithFixedDelay(this::read, 0, every, TimeUnit.MILLISECONDS);
    }

    private void read() {
        try {
            List<ProcessReport> now =
                    reports.all()
                            .toCompletableFuture()
                            .get(StatsReporter.EVERY.toMillis(), TimeUnit.MILLISECONDS);
            add(clock.millis(), now);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            // A task that throws would never run again.
            log.debug("no reports", e);
        }
    }

    synchronized void add(long at, List<ProcessReport> now) {
        Map<String, ProcessReport> byId = new HashMap<>();
        now.forEach(report -> byId.put(report.id(), report));
        if (beforeAt > 0 && at > beforeAt) {
            samples.addLast(sample(at, byId));
            if (samples.size() > MAX_SAMPLES) {
                samples.removeFirst();
            }
        }
        latest = List.copyOf(now);
        before = byId;
        beforeAt = at;
    }

    synchronized List<Sample> samples() {
        return List.copyOf(samples);
    }

    synchronized List<ProcessReport> latest() {
        return latest;
    }

    private Sample sample(long at, Map<String, ProcessReport> now) {
        Map<String, Double> rates = new TreeMap<>();
        Map<String, List<Long>> stages = new TreeMap<>();
        double seconds = (at - beforeAt) / MILLIS_PER_SECOND;
        for (ProcessReport report : now.values()) {
            ProcessReport old = before.get(report.id());
            if (old == null) {
                continue; // what it counts from is not known
            }
            report.counts()
                    .forEach(
                            (name, count) ->
                                    rates.merge(
                                            name,
                                            since(old.counts().getOrDefault(name, 0L), count)
                                                    / seconds,
                                            Double::sum));
            report.stages()
                    .forEach(
                            (name, counts) ->
                                    stages.merge(
                                            name,
                                            since(
                                                    old.stages().getOrDefault(name, List.of()),
                                                    counts),
                                            StatsHistory::sum));
        }
        Map<String, Delay> delays = new TreeMap<>();
        stages.forEach(
                (name, counts) -> {
                    if (counts.getLast() > 0) {
                        delays.put(
                                name, new Delay(percentile(counts, 0.5), percentile(counts, 0.99)));
                    }
                });
        return new Sample(at, rates, delays);
    }

    /** A process that was started again counts from 0. */
    private static long since(long old, long now) {
        return now >= old ? now - old : now;
    }

    private static List<Long> since(List<Long> old, List<Long> now) {
        boolean goesOn = old.size() == now.size() && now.getLast() >= old.getLast();
        List<Long> difference = new ArrayList<>(now.size());
        for (int i = 0; i < now.size(); i++) {
            difference.add(goesOn ? Math.max(0, now.get(i) - old.get(i)) : now.get(i));
        }
        return difference;
    }

    private static List<Long> sum(List<Long> one, List<Long> other) {
        List<Long> sum = new ArrayList<>(one.size());
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            sum.add(one.get(i) + other.get(i));
        }
        return sum;
    }

    /** What lies above the last bound counts as that bound. */
    static double percentile(List<Long> cumulative, double quantile) {
        double wanted = cumulative.getLast() * quantile;
        double lower = 0;
        long below = 0;
        for (int i = 0; i < ProcessReport.BOUNDS.size() && i < cumulative.size(); i++) {
            int upper = ProcessReport.BOUNDS.get(i);
            long here = cumulative.get(i);
            if (here >= wanted && here > below) {
                return lower + (upper - lower) * (wanted - below) / (here - below);
            }
            lower = upper;
            below = here;
        }
        return lower;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
