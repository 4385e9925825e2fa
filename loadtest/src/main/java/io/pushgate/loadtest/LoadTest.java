package io.pushgate.loadtest;

import io.pushgate.loadtest.machine.Pacer;
import io.pushgate.loadtest.machine.StallWatch;
import io.pushgate.loadtest.machine.Stalls;
import io.pushgate.protocol.Receipt;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Connects many devices, publishes to them by an open-loop schedule, and accounts for every
 * message. One run per object.
 */
public final class LoadTest {
    /** Between the last connection and the first message. */
    private static final long LEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final LoadTestConfig config;
    private final PrintStream progressOut;
    private final Schedule schedule;
    private final Account account;
    private final Meter meter;
    private final RunNames names;
    private long start;
    private boolean published;
    private boolean interrupted;

    private LoadTest(LoadTestConfig config, PrintStream progressOut) {
        this.config = config;
        this.progressOut = progressOut;
        SplittableRandom random = new SplittableRandom();
        this.schedule =
                new Schedule(config.messages(), config.rate(), config.connections(), random);
        this.account = new Account(config.messages(), config.connections());
        this.meter = new Meter(schedule);
        this.names = RunNames.random(random);
    }

    /**
     * Runs a load test on the calling thread. An interrupt of that thread, or the end of the JVM
     * (Ctrl-C), ends it early, with a report of what it has; the interrupt is consumed.
     *
     * @param out takes the report; a line of progress goes to standard error each second
     * @return see {@link LoadTestResult#failed} for whether it is a failure
     * @throws LoadTestException if it could not run at all, or not write its JSON
     */
    public static LoadTestResult run(LoadTestConfig config, PrintStream out)
            throws LoadTestException {
        return run(config, out, System.err);
    }

    static LoadTestResult run(LoadTestConfig config, PrintStream out, PrintStream progress)
            throws LoadTestException {
        try (InterruptOnShutdown _ = new InterruptOnShutdown()) {
            return new LoadTest(config, progress).run(out);
        }
    }

    private LoadTestResult run(PrintStream out) throws LoadTestException {
        try (Publisher publisher = new Publisher(config, names, schedule, account);
                ReceiptReader _ =
                        new ReceiptReader(config.kafkaBootstrap(), Map.of(), this::receipt);
                Devices devices = new Devices(config, names, schedule, account, meter);
                StallWatch stalls = StallWatch.start()) {
            try (Progress progress = new Progress(progressOut)) {
                runPhases(publisher, devices, progress);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            LoadTestResult result = result(devices, stalls.intervals());
            Report.lines(config, result, devices.lastTrouble()).forEach(out::println);
            out.flush();
            if (config.json() != null) {
                JsonReport.write(config.json(), config, result);
            }
            return result;
        }
    }

    private void receipt(Receipt receipt) {
        int message = names.messageOf(receipt.id(), config.messages());
        if (message < 0) {
            return;
        }
        switch (receipt.status()) {
            case DELIVERED -> account.acked(message);
            case ACCEPTED -> {}
            case EXPIRED, OVERFLOWED, UNACKED, RECALLED, SUPERSEDED, DUPLICATE, REJECTED ->
                    account.otherReceipt();
        }
    }

    private void runPhases(Publisher publisher, Devices devices, Progress progress)
            throws InterruptedException {
        progress.show(() -> connectLine(devices));
        if (!devices.connect()) {
            return; // What is sent to a device that is not there says nothing.
        }
        progressOut.println(connectLine(devices));
        start = System.nanoTime() + LEAD_NANOS;
        meter.start(start);
        published = true;
        progress.show(this::publishLine);
        publisher.publish(start);
        long deadline = System.nanoTime() + config.drain().toNanos();
        Pacer.awaitCondition(this::isDrained, deadline);
    }

    private boolean isDrained() {
        return account.answered() >= schedule.messages()
                && account.delivered() >= account.confirmed()
                && account.acked() >= account.confirmed();
    }

    private LoadTestResult result(Devices devices, List<Stalls.Interval> allStalls) {
        long missing = account.missing();
        List<Stalls.Interval> stalls =
                published
                        ? allStalls.stream().filter(stall -> stall.to() - start > 0).toList()
                        : List.of();
        Latencies latencies = Latencies.of(schedule, account, start, stalls);
        long stalled = stalls.stream().mapToLong(stall -> stall.to() - stall.from()).sum();
        return new LoadTestResult(
                config.connections(),
                devices.connected(),
                devices.connectTime(),
                Duration.ofNanos(schedule.offset(schedule.messages() - 1)),
                schedule.messages(),
                account.published(),
                account.publishErrors(),
                account.delivered(),
                account.acked(),
                interrupted ? 0 : missing,
                interrupted ? missing : 0,
                account.doubled(),
                account.outOfOrder(),
                account.unexpectedCount(),
                account.otherReceipts(),
                devices.lostConnections(),
                latencies.all(),
                latencies.quiet(),
                stalls.size(),
                Duration.ofNanos(stalled),
                interrupted);
    }

    private String connectLine(Devices devices) {
        double seconds = Math.max(devices.connectTime().toNanos() / 1e9, 1e-3);
        String trouble = devices.lastTrouble();
        return String.format(
                Locale.ROOT,
                "connected %,d of %,d, %,.0f a second%s",
                devices.connected(),
                config.connections(),
                devices.connected() / seconds,
                trouble.isEmpty() ? "" : "; last trouble: " + trouble);
    }

    private String publishLine() {
        long second = Math.max(0, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
        Latency last = meter.sinceLast();
        return String.format(
                Locale.ROOT,
                "%3d s: published %,d, delivered %,d, acked %,d, p99 %s, max %s",
                second,
                account.confirmed(),
                account.delivered(),
                account.acked(),
                Report.millis(last.p99()),
                Report.millis(last.max()));
    }
}
