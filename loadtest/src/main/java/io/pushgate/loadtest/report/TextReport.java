package io.pushgate.loadtest.report;

import io.pushgate.loadtest.Latency;
import io.pushgate.loadtest.control.Counts;
import io.pushgate.loadtest.control.Plan;
import io.pushgate.loadtest.run.Cost;
import io.pushgate.loadtest.run.Inquest;
import io.pushgate.loadtest.run.RunConfig;
import io.pushgate.loadtest.run.RunResult;
import io.pushgate.protocol.Receipt;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The result of a distributed run in lines. */
public final class TextReport {
    private static final double KIB = 1024;

    private TextReport() {}

    public static List<String> lines(RunResult result) {
        List<String> lines = new ArrayList<>();
        lines.add(title(result));
        connections(result, lines);
        if (result.plan().messages() > 0) {
            messages(result, lines);
            latencies(result, lines);
        }
        lines.add(stalls(result));
        costs(result.costs(), result.plan().connections(), lines);
        if (!result.trouble().isEmpty()) {
            lines.add("  last trouble     " + result.trouble());
        }
        lines.add("  result: " + verdict(result));
        return lines;
    }

    /** What was asked for, in a line. */
    static String title(RunResult result) {
        RunConfig.Load load = result.config().load();
        return load.rate() == 0
                ? Text.format(
                        "load test: %,d connections held for %,d s, by %d agents",
                        load.connections(), load.seconds(), result.agents())
                : Text.format(
                        "load test: %,d connections, %,d messages a second of %,d bytes for %,d s, %s, by %d agents",
                        load.connections(),
                        load.rate(),
                        load.bytes(),
                        load.seconds(),
                        load.shape().name().toLowerCase(Locale.ROOT),
                        result.agents());
    }

    /** Whether it passed, in words. */
    static String verdict(RunResult result) {
        String word = result.failed() ? "FAILED" : "passed";
        return result.interrupted() ? "interrupted, until then " + word : word;
    }

    private static void connections(RunResult result, List<String> lines) {
        Counts counts = result.counts();
        lines.add(
                count(
                        "connected",
                        counts.everConnected(),
                        Text.format(
                                " of %,d in %.1f s; %,d at the end",
                                result.plan().connections(),
                                result.connectSeconds(),
                                counts.connected())));
        addIfAny(lines, "lost", "connections lost", counts.lost());
        addIfAny(lines, "moved", "connections moved on a goaway", counts.moved());
        addIfAny(lines, "refused", "handshakes refused", counts.refused());
        addIfAny(lines, "terminated", "devices told not to come back", counts.terminated());
    }

    private static void messages(RunResult result, List<String> lines) {
        Inquest inquest = result.inquest();
        Counts counts = result.counts();
        Plan plan = result.plan();
        lines.add(
                count(
                        "published",
                        inquest.published(),
                        Text.format(
                                " of %,d in %.1f s, for %,d deliveries",
                                plan.messages(), result.publishSeconds(), inquest.expected())));
        lines.add(count("delivered", inquest.delivered(), ""));
        for (Receipt.Status status : Receipt.Status.values()) {
            long receipts = result.receipts().getOrDefault(status, 0L);
            if (receipts > 0) {
                lines.add(count("receipts", receipts, " " + status.wireName()));
            }
        }
        addIfAny(lines, "ended", "not delivered, and a receipt says why", inquest.ended());
        addIfAny(lines, "unreceipted", "delivered, without a receipt", inquest.unreceipted());
        addIfAny(
                lines,
                "receipts wrong",
                "said to be delivered, and never handed to the device",
                inquest.wronglyReceipted());
        String examples = String.join(", ", inquest.examples());
        lines.add(
                result.interrupted()
                        ? count("in flight", inquest.lost(), "")
                        : count("lost", inquest.lost(), examples.isEmpty() ? "" : ": " + examples));
        lines.add(count("doubled", counts.doubled(), ""));
        lines.add(count("out of order", counts.outOfOrder(), ""));
        addIfAny(lines, "unexpected", "for another device, or unreadable", counts.unexpected());
        addIfAny(lines, "publish errors", "", result.publishErrors());
        addIfAny(
                lines,
                "repeats",
                "on the wire, which a client drops by their position",
                counts.repeats());
    }

    private static void latencies(RunResult result, List<String> lines) {
        RunResult.Latencies latencies = result.latencies();
        lines.add(
                "  latency                    p50         p99       p99.9         max    messages");
        lines.add(latency("since due", latencies.due()));
        lines.add(latency("since due, quiet", latencies.dueQuiet()));
        lines.add(latency("in Kafka", latencies.stored()));
        lines.add(latency("in Kafka, quiet", latencies.storedQuiet()));
    }

    private static String latency(String name, Latency latency) {
        return Text.format(
                "    %-17s %11s %11s %11s %11s %,11d",
                name,
                Text.millis(latency.p50()),
                Text.millis(latency.p99()),
                Text.millis(latency.p999()),
                Text.millis(latency.max()),
                latency.count());
    }

    /** How often the machine stood still, and what of it. */
    static String stalls(RunResult result) {
        if (result.stalls().isEmpty()) {
            return "  the machine never stood still";
        }
        double sum = result.stalls().stream().mapToDouble(s -> s.to() - s.from()).sum();
        return Text.format(
                "  the machine stood still %,d times, %,.0f ms in sum; quiet leaves out the %,d messages due or in"
                        + " flight then",
                result.stalls().size(), sum * 1e3, result.latencies().leftOut());
    }

    /** What each process has used. */
    static void costs(List<Cost> costs, int connections, List<String> lines) {
        lines.add(
                "  process          number    cores  µs/message          RSS     growth  per connection");
        double gateway = 0;
        for (Cost cost : costs) {
            lines.add(
                    Text.format(
                            "    %-15s %5d %8.3f %11.1f %12s %10s %11.2f KiB",
                            cost.name(),
                            cost.processes(),
                            cost.processors(),
                            cost.cpuMicrosPerMessage(),
                            Text.mebibytes(cost.rssBytes()),
                            Text.mebibytes(cost.rssGrowthBytes()),
                            cost.rssGrowthBytes() / KIB / connections));
            gateway += cost.isGenerator() ? 0 : cost.cpuMicrosPerMessage();
        }
        if (gateway > 0) {
            lines.add(
                    Text.format(
                            "    %.1f µs of CPU a delivery, without the load generator", gateway));
        }
    }

    private static void addIfAny(List<String> lines, String name, String note, long value) {
        if (value > 0) {
            lines.add(count(name, value, note.isEmpty() ? "" : " " + note));
        }
    }

    private static String count(String name, long value, String note) {
        return Text.format("  %-14s %,13d%s", name, value, note);
    }
}
