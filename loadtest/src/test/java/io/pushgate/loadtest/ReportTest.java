package io.pushgate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

class ReportTest {
    private static final LoadTestConfig CONFIG = config(5_000, 2_000, 30, 512);
    private static final Latency ALL = new Latency(60_000, 3_210, 12_340, 45_600, 181_000);
    private static final Latency QUIET = new Latency(59_700, 3_200, 11_000, 20_000, 30_500);

    @Test
    void readsLikeThis() {
        assertThat(Report.lines(CONFIG, result(0, 0, 0, 5_000, false), ""))
                .containsExactly(
                        "load test: 5,000 connections, 2,000 messages a second of 512 bytes for"
                                + " 30 s",
                        "  connected              5,000 of 5,000 in 5.2 s: 962 a second",
                        "  published             60,000 of 60,000",
                        "  delivered             60,000",
                        "  acked                 59,990, 10 without a receipt yet",
                        "  lost                       0",
                        "  doubled                    0",
                        "  out of order               0",
                        "  latency              p50         p99       p99.9         max   "
                                + " messages",
                        "    all          3.21 ms     12.3 ms     45.6 ms    181.0 ms      60,000",
                        "    quiet        3.20 ms     11.0 ms     20.0 ms     30.5 ms      59,700",
                        "  quiet leaves out 300 messages in flight while the machine stood still"
                                + " (2 times, 220 ms in sum)",
                        "  result: passed");
    }

    @Test
    void failsOnEachKindOfDamage() {
        assertThat(result(0, 0, 0, 5_000, false).failed()).isFalse();
        assertThat(result(1, 0, 0, 5_000, false).failed()).isTrue();
        assertThat(result(0, 1, 0, 5_000, false).failed()).isTrue();
        assertThat(result(0, 0, 1, 5_000, false).failed()).isTrue();
        assertThat(result(0, 0, 0, 4_999, false).failed()).isTrue();
        assertThat(Report.lines(CONFIG, result(1, 0, 0, 5_000, false), "").getLast())
                .isEqualTo("  result: FAILED");
    }

    @Test
    void saysWhatWentWrongAndThatItWasInterrupted() {
        List<String> lines =
                Report.lines(CONFIG, result(0, 0, 0, 5_000, true), "connection lost (1006)");
        assertThat(lines)
                .contains(
                        "  in flight                  7",
                        "  last trouble   connection lost (1006)",
                        "  result: interrupted, until then passed");
    }

    @Test
    void writesJson(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("result.json");
        JsonReport.write(file, CONFIG, result(0, 2, 0, 5_000, false));
        assertThat(Files.readString(file))
                .contains("\"failed\" : true", "\"doubled\" : 2", "\"p999\" : 45600");
        assertThatThrownBy(
                        () ->
                                JsonReport.write(
                                        folder.resolve("no/such/folder"),
                                        CONFIG,
                                        result(0, 0, 0, 1, false)))
                .isInstanceOf(LoadTestException.class)
                .hasMessageStartingWith("cannot write ");
    }

    @Test
    void theConfigRefusesWhatMakesNoSense() {
        assertThatThrownBy(() -> config(0, 1, 1, 512))
                .hasMessage("connections must be between 1 and 60,000, not 0");
        assertThatThrownBy(() -> config(1, 1, 1, 63))
                .hasMessage("payload must be between 64 and 65,536, not 63");
        assertThatThrownBy(() -> config(1, 1_000_000, 51, 512))
                .hasMessage("rate times seconds must be at most 50000000");
        assertThatThrownBy(
                        () ->
                                LoadTestConfig.of(
                                        List.of(URI.create("localhost:8080")), "k:1", d -> d))
                .hasMessage("not a ws:// or wss:// address: localhost:8080");
        LoadTestConfig defaults =
                LoadTestConfig.of(CONFIG.urls(), CONFIG.kafkaBootstrap(), CONFIG.tokens());
        assertThat(defaults.messages()).isEqualTo(5_000);
    }

    private static LoadTestResult result(
            long lost, long doubled, long outOfOrder, int connected, boolean interrupted) {
        return new LoadTestResult(
                5_000,
                connected,
                Duration.ofMillis(5_200),
                Duration.ofSeconds(30),
                60_000,
                60_000,
                0,
                60_000 - lost,
                59_990,
                lost,
                interrupted ? 7 : 0,
                doubled,
                outOfOrder,
                0,
                0,
                0,
                ALL,
                QUIET,
                2,
                Duration.ofMillis(220),
                interrupted);
    }

    private static LoadTestConfig config(int connections, int rate, int seconds, int payloadBytes) {
        return new LoadTestConfig(
                List.of(URI.create("ws://127.0.0.1:8080")),
                "127.0.0.1:9092",
                device -> device,
                connections,
                rate,
                seconds,
                payloadBytes,
                1_000,
                "load",
                Duration.ofSeconds(30),
                null);
    }
}
