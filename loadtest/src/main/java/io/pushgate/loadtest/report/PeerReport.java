package io.pushgate.loadtest.report;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.pushgate.loadtest.Latency;
import io.pushgate.loadtest.LoadTestException;
import io.pushgate.loadtest.peer.PeerConfig;
import io.pushgate.loadtest.peer.PeerResult;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The result of a run against another server, for people and programs. */
public final class PeerReport {
    private PeerReport() {}

    public static List<String> lines(PeerConfig config, PeerResult result) {
        List<String> lines = new ArrayList<>();
        lines.add(
                Text.format(
                        "peer test: %s, %,d connections to %s",
                        config.kind().name().toLowerCase(Locale.ROOT),
                        config.connections(),
                        config.url()));
        lines.add(
                Text.format(
                        "  connected      %,13d of %,d in %.1f s",
                        result.connected(), config.connections(), result.connectSeconds()));
        lines.add(Text.format("  lost           %,13d", result.lost()));
        if (config.kind() != PeerConfig.Case.IDLE) {
            Latency latency = result.latency();
            lines.add(
                    Text.format(
                            "  sent           %,13d of %,d bytes", result.sent(), config.bytes()));
            lines.add(
                    Text.format(
                            "  received       %,13d of %,d, %,.0f a second",
                            result.received(), result.expected(), result.deliveriesPerSecond()));
            lines.add(Text.format("  doubled        %,13d", result.doubled()));
            lines.add(Text.format("  not ours       %,13d", result.foreign()));
            lines.add(
                    Text.format(
                            "  since due      p50 %s, p99 %s, p99.9 %s, max %s",
                            Text.millis(latency.p50()),
                            Text.millis(latency.p99()),
                            Text.millis(latency.p999()),
                            Text.millis(latency.max())));
        }
        lines.add(Text.format("  the machine stood still %,d times", result.stalls()));
        TextReport.costs(result.costs(), config.connections(), lines);
        if (!result.trouble().isEmpty()) {
            lines.add("  last trouble   " + result.trouble());
        }
        lines.add("  result: " + (result.failed(config) ? "FAILED" : "passed"));
        return lines;
    }

    /**
     * Latencies are in microseconds, times in seconds, memory in bytes.
     *
     * @throws LoadTestException if the file can't be written
     */
    public static void write(Path file, PeerConfig config, PeerResult result)
            throws LoadTestException {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("failed", result.failed(config));
        values.put("url", config.url());
        values.put("case", config.kind().name().toLowerCase(Locale.ROOT));
        values.put("connections", config.connections());
        values.put("rate", config.rate());
        values.put("seconds", config.seconds());
        values.put("bytes", config.bytes());
        values.put("result", result);
        try {
            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), values);
        } catch (IOException e) {
            throw new LoadTestException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
