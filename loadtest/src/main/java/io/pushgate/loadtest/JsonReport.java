package io.pushgate.loadtest;

import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A result for programs: one flat JSON object, latencies in microseconds, times in seconds. */
final class JsonReport {
    private JsonReport() {}

    static void write(Path file, LoadTestConfig config, LoadTestResult result)
            throws LoadTestException {
        try {
            new ObjectMapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValue(file.toFile(), values(config, result));
        } catch (IOException e) {
            throw new LoadTestException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    static Map<String, Object> values(LoadTestConfig config, LoadTestResult result) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("failed", result.failed());
        values.put("interrupted", result.interrupted());
        values.put("rate", config.rate());
        values.put("seconds", config.seconds());
        values.put("payloadBytes", config.payloadBytes());
        values.put("connections", result.connections());
        values.put("connected", result.connected());
        values.put("connectSeconds", result.connectTime().toNanos() / 1e9);
        values.put("connectRate", result.connectRate());
        values.put("messages", result.messages());
        values.put("published", result.published());
        values.put("publishErrors", result.publishErrors());
        values.put("delivered", result.delivered());
        values.put("acked", result.acked());
        values.put("lost", result.lost());
        values.put("inFlight", result.inFlight());
        values.put("doubled", result.doubled());
        values.put("outOfOrder", result.outOfOrder());
        values.put("unexpected", result.unexpected());
        values.put("otherReceipts", result.otherReceipts());
        values.put("disconnects", result.disconnects());
        values.put("latency", latency(result.all()));
        values.put("latencyQuiet", latency(result.quiet()));
        values.put("leftOut", result.leftOut());
        values.put("stalls", result.stalls());
        values.put("stalledSeconds", result.stalled().toNanos() / 1e9);
        return values;
    }

    private static Map<String, Object> latency(Latency latency) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("count", latency.count());
        values.put("p50", latency.p50());
        values.put("p99", latency.p99());
        values.put("p999", latency.p999());
        values.put("max", latency.max());
        return values;
    }
}
