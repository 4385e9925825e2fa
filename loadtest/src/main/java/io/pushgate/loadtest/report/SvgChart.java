package io.pushgate.loadtest.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A line chart as inline SVG: one page has to show without a network, and no chart library can be
 * had as a Maven artifact here. Points come with their values as tooltips.
 *
 * @param title what it shows
 * @param unit of the values, in the tooltips and at the axis
 * @param lines at least one
 * @param shades intervals of the x axis to mark
 */
record SvgChart(String title, String unit, List<Line> lines, List<Shade> shades) {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 240;
    private static final int LEFT = 70;
    private static final int RIGHT = 10;
    private static final int TOP = 10;
    private static final int BOTTOM = 24;
    private static final int TICKS = 5;
    private static final int MAX_DOTS = 300;
    private static final String[] COLORS = {
        "#2563eb", "#dc2626", "#059669", "#d97706", "#7c3aed", "#0891b2", "#be185d", "#4b5563"
    };

    SvgChart {
        lines = List.copyOf(lines);
        shades = List.copyOf(shades);
    }

    /** A value at each x; both lists are of the same length, x grows. */
    record Line(String name, List<Double> x, List<Double> y) {
        Line {
            x = List.copyOf(x);
            y = List.copyOf(y);
            if (x.size() != y.size()) {
                throw new IllegalArgumentException("a chart's x and y differ in length");
            }
        }
    }

    record Shade(double from, double to) {}

    /** An {@code h2}, a legend and an {@code svg}; says so where there is nothing to draw. */
    String html() {
        StringBuilder html = new StringBuilder(4096);
        html.append("<section><h2>").append(escape(title)).append("</h2>\n");
        List<Line> drawn = lines.stream().filter(line -> !line.x().isEmpty()).toList();
        if (drawn.isEmpty()) {
            return html.append("<p>nothing was measured</p></section>\n").toString();
        }
        Scale x = Scale.of(all(drawn, true), false);
        Scale y = Scale.of(all(drawn, false), true);
        legend(html, drawn);
        html.append(Text.format("<svg viewBox=\"0 0 %d %d\" role=\"img\">%n", WIDTH, HEIGHT));
        axes(html, x, y);
        for (Shade shade : shades) {
            double from = Math.max(px(x, shade.from()), LEFT);
            double to = Math.min(px(x, shade.to()), WIDTH - RIGHT);
            if (to >= LEFT && from <= WIDTH - RIGHT) {
                html.append(
                        Text.format(
                                "<rect class=\"stall\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>%n",
                                from, TOP, Math.max(1, to - from), HEIGHT - TOP - BOTTOM));
            }
        }
        for (int i = 0; i < drawn.size(); i++) {
            line(html, drawn.get(i), COLORS[i % COLORS.length], x, y);
        }
        return html.append("</svg></section>\n").toString();
    }

    private void line(StringBuilder html, Line line, String color, Scale x, Scale y) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < line.x().size(); i++) {
            points.append(
                    Text.format("%.1f,%.1f ", px(x, line.x().get(i)), py(y, line.y().get(i))));
        }
        html.append(
                Text.format(
                        "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" points=\"%s\"/>%n",
                        color, points.toString().strip()));
        int step = Math.max(1, line.x().size() / MAX_DOTS);
        for (int i = 0; i < line.x().size(); i += step) {
            double at = line.x().get(i);
            double value = line.y().get(i);
            html.append(
                    Text.format(
                            "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\">"
                                    + "<title>%s at %.0f s: %s %s</title></circle>%n",
                            px(x, at),
                            py(y, value),
                            color,
                            escape(line.name()),
                            at,
                            number(value),
                            escape(unit)));
        }
    }

    private void axes(StringBuilder html, Scale x, Scale y) {
        for (double tick : y.ticks(TICKS)) {
            double at = py(y, tick);
            html.append(
                    Text.format(
                            "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                                    + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
                            LEFT, WIDTH - RIGHT, at, at, LEFT - 6, at + 4, number(tick)));
        }
        for (double tick : x.ticks(2 * TICKS)) {
            html.append(
                    Text.format(
                            "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s s</text>%n",
                            px(x, tick), HEIGHT - 6, number(tick)));
        }
    }

    private void legend(StringBuilder html, List<Line> drawn) {
        html.append("<p class=\"legend\">").append(escape(unit)).append(": ");
        for (int i = 0; i < drawn.size(); i++) {
            html.append(
                    Text.format(
                            "<span style=\"color:%s\">&#9632; %s</span> ",
                            COLORS[i % COLORS.length], escape(drawn.get(i).name())));
        }
        html.append("</p>\n");
    }

    private static List<Double> all(List<Line> lines, boolean x) {
        List<Double> values = new ArrayList<>();
        lines.forEach(line -> values.addAll(x ? line.x() : line.y()));
        return values;
    }

    private static double px(Scale x, double value) {
        return LEFT + x.share(value) * (WIDTH - LEFT - RIGHT);
    }

    private static double py(Scale y, double value) {
        return HEIGHT - BOTTOM - y.share(value) * (HEIGHT - TOP - BOTTOM);
    }

    private static String number(double value) {
        double size = Math.abs(value);
        if (size >= 100 || value == Math.rint(value)) {
            return Text.format("%,.0f", value);
        }
        return Text.format(size >= 1 ? "%.1f" : "%.3f", value);
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** From the least to the greatest of some values. */
    private record Scale(double min, double max) {
        static Scale of(List<Double> values, boolean fromZero) {
            double min = fromZero ? 0 : Double.POSITIVE_INFINITY;
            double max = Double.NEGATIVE_INFINITY;
            for (double value : values) {
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
            return new Scale(min, max > min ? max : min + 1);
        }

        double share(double value) {
            return (value - min) / (max - min);
        }

        /** Round numbers, 1, 2 or 5 times a power of ten apart; about as many as asked for. */
        List<Double> ticks(int about) {
            double raw = (max - min) / about;
            double power = Math.pow(10, Math.floor(Math.log10(raw)));
            double lead = raw / power;
            double step = power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
            List<Double> ticks = new ArrayList<>();
            for (double at = Math.ceil(min / step) * step; at <= max; at += step) {
                ticks.add(at);
            }
            return ticks;
        }
    }
}
