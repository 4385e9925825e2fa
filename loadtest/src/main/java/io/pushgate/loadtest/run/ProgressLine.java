package io.pushgate.loadtest.run;

import io.pushgate.loadtest.Latency;
import io.pushgate.loadtest.control.Counts;

import java.util.Locale;

/** What a run says of itself each second. */
final class ProgressLine {
    private ProgressLine() {}

    static String connecting(Counts counts, int connections, String trouble) {
        return String.format(
                Locale.ROOT,
                "connected %,d of %,d%s%s",
                counts.connected(),
                connections,
                counts.refused() == 0 ? "" : String.format(", refused %,d", counts.refused()),
                trouble.isEmpty() ? "" : "; last trouble: " + trouble);
    }

    /**
     * @param expected deliveries of what is published
     * @param latency since messages were due, of those that came in the last second
     */
    static String publishing(
            Timeline.Second second, long expected, Latency latency, String trouble) {
        Counts counts = second.counts();
        return String.format(
                Locale.ROOT,
                "%3.0f s: connected %,d, published %,d, delivered %,d of %,d, receipts %,d, p50 %s, p99 %s, max %s%s",
                second.at(),
                counts.connected(),
                second.published(),
                counts.delivered(),
                expected,
                second.receipts(),
                millis(latency.p50()),
                millis(latency.p99()),
                millis(latency.max()),
                trouble.isEmpty() ? "" : "; last trouble: " + trouble);
    }

    private static String millis(long micros) {
        return String.format(Locale.ROOT, micros < 10_000 ? "%.2f ms" : "%,.0f ms", micros / 1e3);
    }
}
