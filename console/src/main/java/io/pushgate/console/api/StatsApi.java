package io.pushgate.console.api;

import io.pushgate.console.http.Answer;
import io.pushgate.console.http.Call;
import io.pushgate.mailbox.ApiKey;
import io.pushgate.mailbox.ProcessReport;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code GET /v1/stats} and {@code GET /v1/key}: what goes on, and who asks. */
final class StatsApi {
    private final StatsHistory history;

    StatsApi(StatsHistory history) {
        this.history = history;
    }

    private record Self(String id, @Nullable String app, boolean admin) {}

    /**
     * @param nodes access nodes that report, null for an app's key
     * @param connections {@code total}, and where they are known by {@code node, app, platform} and
     *     {@code version}
     * @param samples the oldest first, null for an app's key
     */
    private record Stats(
            @Nullable Integer nodes,
            Map<String, Object> connections,
            @Nullable List<StatsHistory.Sample> samples) {}

    Answer self(Call call) {
        ApiKey key = call.caller();
        return Answer.ok(new Self(key.id(), key.app(), key.isAdmin()));
    }

    Answer stats(Call call) {
        List<ProcessReport> reports = history.latest();
        String app = call.caller().app();
        return Answer.ok(app == null ? everything(reports) : ofApp(app, reports));
    }

    private Stats everything(List<ProcessReport> reports) {
        Map<String, Integer> nodes = new TreeMap<>();
        Map<String, Map<String, Integer>> sums = new TreeMap<>();
        for (ProcessReport report : reports) {
            report.connections()
                    .forEach(
                            (by, counts) ->
                                    counts.forEach(
                                            (name, count) ->
                                                    sums.computeIfAbsent(by, _ -> new TreeMap<>())
                                                            .merge(name, count, Integer::sum)));
            int connections = sum(report.connections().getOrDefault("app", Map.of()));
            if (connections > 0) {
                nodes.put(report.id(), connections);
            }
        }
        Map<String, Object> connections = new LinkedHashMap<>();
        connections.put("total", sum(nodes));
        connections.put("node", nodes);
        connections.putAll(sums);
        return new Stats(nodes.size(), connections, history.samples());
    }

    private static Stats ofApp(String app, List<ProcessReport> reports) {
        Map<String, Integer> nodes = new TreeMap<>();
        for (ProcessReport report : reports) {
            Integer count = report.connections().getOrDefault("app", Map.of()).get(app);
            if (count != null) {
                nodes.put(report.id(), count);
            }
        }
        Map<String, Object> connections = new LinkedHashMap<>();
        connections.put("total", sum(nodes));
        connections.put("node", nodes);
        return new Stats(null, connections, null);
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
