package io.pushgate.loadtest.report;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.pushgate.loadtest.LoadTestException;
import io.pushgate.loadtest.run.RunConfig;
import io.pushgate.loadtest.run.RunResult;
import io.pushgate.loadtest.run.Timeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The result of a distributed run for programs. Latencies are in microseconds, times in seconds,
 * memory in bytes.
 */
public final class JsonReport {
    private JsonReport() {}

    /**
     * @throws LoadTestException if the file can't be written
     */
    public static void write(Path file, RunResult result) throws LoadTestException {
        try {
            new ObjectMapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValue(file.toFile(), values(result));
        } catch (IOException e) {
            throw new LoadTestException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    static Map<String, Object> values(RunResult result) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("failed", result.failed());
        values.put("interrupted", result.interrupted());
        values.put("load", load(result.config().load()));
        values.put("agents", result.agents());
        values.put("connectSeconds", result.connectSeconds());
        values.put("publishSeconds", result.publishSeconds());
        values.put("publishErrors", result.publishErrors());
        values.put("account", result.inquest());
        values.put("counts", result.counts());
        Map<String, Long> receipts = new LinkedHashMap<>();
        result.receipts().forEach((status, count) -> receipts.put(status.wireName(), count));
        values.put("receipts", receipts);
        values.put("latencySinceDue", result.latencies().due());
        values.put("latencySinceDueQuiet", result.latencies().dueQuiet());
        values.put("latencySinceStored", result.latencies().stored());
        values.put("latencySinceStoredQuiet", result.latencies().storedQuiet());
        values.put("leftOut", result.latencies().leftOut());
        values.put("stalls", result.stalls());
        values.put("costs", result.costs());
        values.put("trouble", result.trouble());
        values.put("latencyBySecond", result.latencies().seconds());
        values.put("seconds", result.timeline().seconds().stream().map(JsonReport::row).toList());
        return values;
    }

    private static Map<String, Object> load(RunConfig.Load load) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("connections", load.connections());
        values.put("rate", load.rate());
        values.put("seconds", load.seconds());
        values.put("bytes", load.bytes());
        values.put("shape", load.shape().name().toLowerCase(Locale.ROOT));
        values.put("devicesPerUser", load.devicesPerUser());
        values.put("ramp", load.ramp());
        return values;
    }

    private static Map<String, Object> row(Timeline.Second second) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("at", second.at());
        values.put("connected", second.counts().connected());
        values.put("published", second.published());
        values.put("delivered", second.counts().delivered());
        values.put("receipts", second.receipts());
        values.put("usage", second.usage());
        return values;
    }
}
