package io.pushgate.loadtest.report;

import io.pushgate.loadtest.Latency;
import io.pushgate.loadtest.LoadTestException;
import io.pushgate.loadtest.machine.ProcessUsage;
import io.pushgate.loadtest.report.SvgChart.Line;
import io.pushgate.loadtest.report.SvgChart.Shade;
import io.pushgate.loadtest.run.RunResult;
import io.pushgate.loadtest.run.Timeline.Second;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** The result of a distributed run as one HTML page that loads nothing else. */
public final class HtmlReport {
    private static final double MIB = 1024 * 1024;

    private static final String STYLE =
            """
            body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:900px;padding:0 1rem;\
            background:#fff;color:#111}
            h1{font-size:1.3rem}h2{font-size:1.05rem;margin:1.6rem 0 .2rem}
            pre{background:#f3f4f6;padding:1rem;overflow-x:auto;border-radius:6px;font-size:13px}
            svg{width:100%;height:auto}svg text{font-size:11px;fill:#6b7280}
            .grid{stroke:#e5e7eb}.stall{fill:#fca5a5;opacity:.7}.dot{opacity:0}.dot:hover{opacity:1}
            .legend{margin:0;font-size:13px}.legend span{margin-right:.8em}
            .passed{color:#047857}.failed{color:#b91c1c}
            """;

    private HtmlReport() {}

    /**
     * @throws LoadTestException if the file can't be written
     */
    public static void write(Path file, RunResult result) throws LoadTestException {
        try {
            Files.writeString(file, page(result));
        } catch (IOException e) {
            throw new LoadTestException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    static String page(RunResult result) {
        StringBuilder html = new StringBuilder(64 * 1024);
        String title = SvgChart.escape(TextReport.title(result));
        html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width\"><title>")
                .append(title)
                .append("</title><style>")
                .append(STYLE)
                .append("</style></head><body>\n<h1>Pushgate ")
                .append(title)
                .append("</h1>\n<p class=\"")
                .append(result.failed() ? "failed" : "passed")
                .append("\">")
                .append(SvgChart.escape(TextReport.verdict(result)))
                .append("</p>\n<pre>")
                .append(SvgChart.escape(String.join("\n", TextReport.lines(result))))
                .append(
                        "</pre>\n<p>Seconds count from when the first message was due. Red stripes:")
                .append(" the machine stood still.</p>\n");
        charts(result).forEach(chart -> html.append(chart.html()));
        return html.append("</body></html>\n").toString();
    }

    private static List<SvgChart> charts(RunResult result) {
        List<Shade> shades =
                result.stalls().stream().map(s -> new Shade(s.from(), s.to())).toList();
        List<Second> seconds = result.timeline().seconds();
        return List.of(
                new SvgChart(
                        "Latency since a message was due, by when it was due",
                        "ms",
                        List.of(
                                latency(result, "p50", Latency::p50),
                                latency(result, "p99", Latency::p99),
                                latency(result, "p99.9", Latency::p999),
                                latency(result, "max", Latency::max)),
                        shades),
                new SvgChart(
                        "Throughput",
                        "a second",
                        List.of(
                                rate("published", seconds, Second::published),
                                rate("delivered", seconds, s -> s.counts().delivered()),
                                rate("receipts", seconds, Second::receipts)),
                        shades),
                new SvgChart(
                        "Connections",
                        "connections",
                        List.of(
                                values("connected", seconds, s -> s.counts().connected()),
                                values("connecting", seconds, s -> s.counts().connecting())),
                        shades),
                new SvgChart("Processors", "cores busy", processors(result), shades),
                new SvgChart("Memory", "MiB resident", memory(result), shades));
    }

    private static Line latency(RunResult result, String name, ToLongFunction<Latency> value) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        result.latencies()
                .seconds()
                .forEach(
                        (second, latency) -> {
                            x.add((double) second);
                            y.add(value.applyAsLong(latency) / 1e3);
                        });
        return new Line(name, x, y);
    }

    private static Line values(String name, List<Second> seconds, ToDoubleFunction<Second> value) {
        return new Line(
                name,
                seconds.stream().map(Second::at).toList(),
                seconds.stream().map(value::applyAsDouble).toList());
    }

    private static Line rate(String name, List<Second> seconds, ToLongFunction<Second> total) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (int i = 1; i < seconds.size(); i++) {
            Second before = seconds.get(i - 1);
            Second now = seconds.get(i);
            x.add(now.at());
            y.add(
                    (total.applyAsLong(now) - total.applyAsLong(before))
                            / Math.max(1e-3, now.at() - before.at()));
        }
        return new Line(name, x, y);
    }

    private static List<Line> processors(RunResult result) {
        List<Double> x = result.timeline().seconds().stream().skip(1).map(Second::at).toList();
        return result.timeline().names().stream()
                .map(name -> new Line(name, x, result.timeline().processors(name)))
                .toList();
    }

    private static List<Line> memory(RunResult result) {
        return result.timeline().names().stream()
                .map(
                        name ->
                                values(
                                        name,
                                        result.timeline().seconds(),
                                        s ->
                                                s.usage()
                                                                .getOrDefault(
                                                                        name, ProcessUsage.NONE)
                                                                .rssBytes()
                                                        / MIB))
                .toList();
    }
}
