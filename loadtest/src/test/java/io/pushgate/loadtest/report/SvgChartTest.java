package io.pushgate.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushgate.loadtest.report.SvgChart.Line;
import io.pushgate.loadtest.report.SvgChart.Shade;

import org.junit.jupiter.api.Test;

import java.util.List;

class SvgChartTest {
    @Test
    void drawsEachLineWithItsValuesAndMarksStalls() {
        String html =
                new SvgChart(
                                "a < b",
                                "ms",
                                List.of(
                                        new Line(
                                                "p50",
                                                List.of(0.0, 1.0, 2.0),
                                                List.of(1.0, 2.0, 4.0)),
                                        new Line("p99", List.of(0.0, 2.0), List.of(3.0, 1_234.0))),
                                List.of(new Shade(0.5, 0.7), new Shade(9, 10)))
                        .html();
        assertThat(html).contains("a &lt; b", "p50 at 1 s: 2 ms", "p99 at 2 s: 1,234", "<svg");
        assertThat(html.split("<polyline", -1)).hasSize(3);
        assertThat(html.split("class=\"stall\"", -1)).hasSize(2);
    }

    @Test
    void aSinglePointAndAFlatLineCanBeDrawn() {
        for (List<Double> values : List.of(List.of(0.0), List.of(5.0, 5.0, 5.0))) {
            List<Double> x = values.size() == 1 ? List.of(7.0) : List.of(1.0, 2.0, 3.0);
            String html =
                    new SvgChart("flat", "ms", List.of(new Line("x", x, values)), List.of()).html();
            assertThat(html).contains("<polyline").doesNotContain("NaN", "Infinity");
        }
    }

    @Test
    void saysWhereThereIsNothing() {
        String html =
                new SvgChart(
                                "none",
                                "ms",
                                List.of(new Line("x", List.of(), List.of())),
                                List.of(new Shade(0, 1)))
                        .html();
        assertThat(html).contains("nothing was measured").doesNotContain("<svg");
    }

    @Test
    void refusesLinesThatDoNotFit() {
        assertThatThrownBy(() -> new Line("x", List.of(1.0), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
