package io.pushgate.loadtest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A result for people. */
final class Report {
    private static final String COUNT = "  %-14s %,13d%s";

    private Report() {}

    /**
     * @param trouble why a connection failed last, empty where none did
     */
    static List<String> lines(LoadTestConfig config, LoadTestResult result, String trouble) {
        List<String> lines = new ArrayList<>();
        lines.add(
                format(
                        "load test: %,d connections, %,d messages a second of %,d bytes for %,d s",
                        config.connections(),
                        config.rate(),
                        config.payloadBytes(),
                        config.seconds()));
        lines.add(
                count(
                        "connected",
                        result.connected(),
                        format(
                                " of %,d in %.1f s: %,.0f a second",
                                result.connections(),
                                result.connectTime().toMillis() / 1e3,
                                result.connectRate())));
        lines.add(count("published", result.published(), " of " + number(result.messages())));
        lines.add(count("delivered", result.delivered(), ""));
        lines.add(count("acked", result.acked(), ackNote(result)));
        if (result.interrupted()) {
            lines.add(count("in flight", result.inFlight(), ""));
        }
        lines.add(count("lost", result.lost(), ""));
        lines.add(count("doubled", result.doubled(), ""));
        lines.add(count("out of order", result.outOfOrder(), ""));
        addIfAny(lines, "unexpected", result.unexpected());
        addIfAny(lines, "publish errors", result.publishErrors());
        addIfAny(lines, "other receipts", result.otherReceipts());
        addIfAny(lines, "disconnects", result.disconnects());
        if (!trouble.isEmpty()) {
            lines.add("  last trouble   " + trouble);
        }
        lines.add("  latency              p50         p99       p99.9         max    messages");
        lines.add(latency("all", result.all()));
        lines.add(latency("quiet", result.quiet()));
        lines.add(stalls(result));
        lines.add("  result: " + verdict(result));
        return lines;
    }

    private static String ackNote(LoadTestResult result) {
        long open = result.delivered() - result.acked();
        return open > 0 ? format(", %,d without a receipt yet", open) : "";
    }

    private static String stalls(LoadTestResult result) {
        if (result.stalls() == 0) {
            return "  the machine never stood still";
        }
        return format(
                "  quiet leaves out %,d messages in flight while the machine stood still"
                        + " (%,d times, %,d ms in sum)",
                result.leftOut(), result.stalls(), result.stalled().toMillis());
    }

    private static String verdict(LoadTestResult result) {
        String word = result.failed() ? "FAILED" : "passed";
        return result.interrupted() ? "interrupted, until then " + word : word;
    }

    private static String latency(String name, Latency latency) {
        return format(
                "    %-8s %11s %11s %11s %11s %,11d",
                name,
                millis(latency.p50()),
                millis(latency.p99()),
                millis(latency.p999()),
                millis(latency.max()),
                latency.count());
    }

    /** Two digits after the point below 10 ms, one above. */
    static String millis(long micros) {
        return format(micros < 10_000 ? "%.2f ms" : "%,.1f ms", micros / 1e3);
    }

    private static void addIfAny(List<String> lines, String name, long value) {
        if (value > 0) {
            lines.add(count(name, value, ""));
        }
    }

    private static String count(String name, long value, String note) {
        return format(COUNT, name, value, note);
    }

    private static String number(long value) {
        return format("%,d", value);
    }

    @SuppressWarnings("AnnotateFormatMethod") // The annotation is in a library we don't have.
    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
