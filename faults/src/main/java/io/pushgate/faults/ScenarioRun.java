package io.pushgate.faults;

import io.pushgate.faults.cluster.ClusterUnderTest;
import io.pushgate.faults.load.Account;
import io.pushgate.faults.load.Devices;
import io.pushgate.faults.load.Publisher;
import io.pushgate.faults.load.RecordReader;
import io.pushgate.faults.scenario.Plan;
import io.pushgate.faults.scenario.Scenario;
import io.pushgate.faults.scenario.Scene;
import io.pushgate.faults.scenario.Shape;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.ReceiptCodec;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.Closer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One scenario under load: connects, publishes, breaks, heals, waits for the last, accounts. */
final class ScenarioRun {
    private static final Logger log = LoggerFactory.getLogger(ScenarioRun.class);
    private static final String APP = "faults";
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(30);
    private static final Duration WARM_WITHIN = Duration.ofSeconds(40);
    private static final Duration WARM_WITHIN_SHORT = Duration.ofSeconds(15);

    /** A p95 below it counts as prompt. */
    private static final Duration CALM = Duration.ofMillis(250);

    private static final Duration FLUSH_WITHIN = Duration.ofSeconds(60);
    private static final Duration SETTLE_WITHIN = Duration.ofSeconds(90);

    /** How long to look for hand-overs that should not be, once everything has settled. */
    private static final Duration AFTERWARDS = Duration.ofMillis(1_500);

    private static final int MAX_OFFENCES = 8;

    private final ClusterUnderTest cluster;
    private final Scenario scenario;
    private final Shape shape;
    private final long seed;
    private final Consumer<String> progress;
    private final String prefix;

    /**
     * @param round tells the runs on one cluster apart
     * @param progress told one line at a time what happens
     */
    ScenarioRun(
            ClusterUnderTest cluster,
            Scenario scenario,
            Shape asked,
            long seed,
            int round,
            Consumer<String> progress) {
        this.cluster = cluster;
        this.scenario = scenario;
        this.shape = scenario.shape(asked);
        this.seed = seed;
        this.progress = progress;
        this.prefix = "f" + Long.toHexString(seed) + "-" + round + "-";
    }

    /**
     * Runs it; the cluster is whole again when this returns normally.
     *
     * @throws InterruptedException where the thread was interrupted; what was started is closed
     */
    Result run() throws InterruptedException {
        long begun = System.nanoTime();
        List<String> failures = new ArrayList<>();
        Closer closer = new Closer();
        try {
            Account account = new Account(prefix);
            cluster.onWire(frame -> onWire(account, frame));
            Devices devices =
                    closer.add(
                            new Devices(
                                    account,
                                    cluster.urls(),
                                    cluster.tokens(),
                                    APP,
                                    prefix + "d",
                                    shape.devices()));
            String kafka = cluster.kafka().bootstrapServers();
            closer.add(new RecordReader(kafka, Topics.RECEIPTS, r -> receipt(account, r.value())));
            Publisher publisher =
                    closer.add(
                            new Publisher(
                                    account, kafka, APP, devices::name, shape.payloadBytes()));
            Scene scene = new Scene(cluster, devices, publisher, account, seed, closer, progress);
            devices.start(_ -> true);
            if (!devices.awaitConnected(devices.count(), CONNECT_WITHIN)) {
                failures.add(
                        "only %d of %d devices connected before anything was broken: %s"
                                .formatted(
                                        devices.connected(),
                                        devices.count(),
                                        devices.disconnects()));
            }
            publisher.start(shape.rate(), devices.count(), seed);
            warmUp(account);
            try (Unrest unrest = Unrest.start(cluster, devices, seed, scenario.isRestless())) {
                carryOut(scene, failures);
                publisher.stop(FLUSH_WITHIN);
                cluster.ensureUp();
            }
            settle(account, devices, failures);
            return result(scene, failures, Duration.ofNanos(System.nanoTime() - begun));
        } finally {
            cluster.onWire(_ -> {});
            closer.close();
        }
    }

    /**
     * Waits until messages arrive promptly: JVMs that were just started are slow, and what is slow
     * already shows nothing of a fault.
     */
    private void warmUp(Account account) throws InterruptedException {
        long begun = System.nanoTime();
        long end = begun + (shape.shortForm() ? WARM_WITHIN_SHORT : WARM_WITHIN).toNanos();
        while (System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(500);
            long now = System.nanoTime();
            long[] latencies =
                    account.latencies(
                            now - 3_000_000_000L, now - 1_000_000_000L, _ -> true, List.of());
            boolean calm =
                    latencies.length >= shape.rate()
                            && latencies[latencies.length * 95 / 100] < CALM.toNanos();
            if (calm) {
                return;
            }
        }
        progress.accept("not calm after " + WARM_WITHIN.toSeconds() + " s, going on all the same");
    }

    private void carryOut(Scene scene, List<String> failures) throws InterruptedException {
        Plan plan = new Plan(seed, scenario.name(), shape);
        scenario.plan(plan);
        long start = System.nanoTime();
        for (Plan.Step step : plan.steps()) {
            sleepUntil(start + step.at().toNanos());
            progress.accept("%s  %s".formatted(scene.account().at(System.nanoTime()), step.what()));
            try {
                step.action().run(scene);
            } catch (RuntimeException e) {
                log.warn("step failed: {}", step.what(), e);
                failures.add("step failed: " + step.what() + ": " + e.getMessage());
            }
        }
        sleepUntil(start + shape.length().toNanos());
        failures.addAll(scene.broken());
    }

    private void settle(Account account, Devices devices, List<String> failures)
            throws InterruptedException {
        long end = System.nanoTime() + SETTLE_WITHIN.toNanos();
        int told = -1;
        while (!account.isSettled() && System.nanoTime() - end < 0) {
            if (told < 0 || account.unsettled() < told / 2) {
                told = account.unsettled();
                progress.accept("waiting for %d messages or their receipts".formatted(told));
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        TimeUnit.NANOSECONDS.sleep(AFTERWARDS.toNanos());
        if (!account.isSettled()) {
            failures.add(
                    "%d messages or receipts did not come within %d s after the last fault; %d of %d devices connected"
                            .formatted(
                                    account.unsettled(),
                                    SETTLE_WITHIN.toSeconds(),
                                    devices.connected(),
                                    devices.count()));
        }
    }

    private Result result(Scene scene, List<String> failures, Duration took) {
        keepTimeline(scene.account());
        Account.Totals totals = scene.account().totals();
        judge(totals, failures);
        Recovery recovery = Recovery.of(scene, scenario.isBounded());
        failures.addAll(recovery.broken());
        List<String> notes = new ArrayList<>(scene.notes());
        notes.addAll(recovery.notes());
        scene.devices()
                .terminations()
                .forEach((why, count) -> notes.add(count + " sessions ended for good: " + why));
        if (!scene.devices().terminations().isEmpty()) {
            notes.add("one of those: " + scene.devices().trailOfFirstTermination());
        }
        List<String> offences =
                totals.isClean() ? List.of() : new Inquest(cluster, scene).lives(APP, MAX_OFFENCES);
        return new Result(
                scenario.name(),
                seed,
                totals,
                recovery.p50Nanos(),
                recovery.maxNanos(),
                List.copyOf(failures),
                scene.missed(),
                offences,
                List.copyOf(notes),
                took);
    }

    private void keepTimeline(Account account) {
        Path file = cluster.dir().resolve("%s-%d.csv".formatted(scenario.name(), seed));
        try {
            Files.writeString(file, account.timeline());
        } catch (IOException e) {
            log.warn("the timeline cannot be kept", e);
        }
    }

    private static void judge(Account.Totals totals, List<String> failures) {
        count(failures, totals.lost(), "lost");
        count(failures, totals.doubled(), "handed to the app twice");
        count(failures, totals.outOfOrder(), "out of order");
        count(failures, totals.unknown(), "handed to a device they were not for");
        count(failures, totals.receiptsMissing(), "delivered without a receipt");
    }

    private static void count(List<String> failures, int count, String what) {
        if (count > 0) {
            failures.add(count + " messages " + what);
        }
    }

    private static void onWire(Account account, String frame) {
        if (!frame.startsWith("{\"t\":\"push\"")) {
            return;
        }
        int id = frame.indexOf("\"id\":\"");
        if (id > 0) {
            int from = id + 6;
            account.onWire(frame.substring(from, frame.indexOf('"', from)));
        }
    }

    private static void receipt(Account account, byte[] value) {
        try {
            account.receipt(ReceiptCodec.decode(value), System.nanoTime());
        } catch (InvalidInputException e) {
            log.warn("not a receipt: {}", e.getMessage());
        }
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nanos - System.nanoTime());
    }
}
