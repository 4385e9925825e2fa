package io.pushgate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushgate.loadtest.FakeGateway.Fate;
import io.pushgate.protocol.Topics;
import io.pushgate.testkit.TestKafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** Whole runs over a real Kafka and a gateway that misbehaves as told. */
@Timeout(120)
class LoadTestTest {
    @TempDir Path folder;
    private final ByteArrayOutputStream report = new ByteArrayOutputStream();
    private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

    @BeforeAll
    static void createTopics() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka()))) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(Topics.REQUESTS, 1, (short) 1),
                                    new NewTopic(Topics.RECEIPTS, 2, (short) 1)))
                    .all()
                    .get();
        }
    }

    @Test
    void aGoodGatewayPasses() throws Exception {
        LoadTestResult result = run(_ -> Fate.DELIVER, 30);
        assertThat(result.failed()).as(text(report)).isFalse();
        assertThat(result.connected()).isEqualTo(50);
        assertThat(result.published()).isEqualTo(1_000);
        assertThat(result.delivered()).isEqualTo(1_000);
        assertThat(result.acked()).isEqualTo(1_000);
        assertThat(result.all().count()).isEqualTo(1_000);
        assertThat(result.all().p50()).isPositive();
        assertThat(result.all().max()).isGreaterThanOrEqualTo(result.all().p999());
        assertThat(text(report)).contains("  result: passed");
        assertThat(text(progress)).contains("connected 50 of 50", "delivered ");
        assertThat(Files.readString(folder.resolve("result.json"))).contains("\"acked\" : 1000");
    }

    @Test
    void lostMessagesFailIt() throws Exception {
        LoadTestResult result = run(n -> n % 100 == 7 ? Fate.DROP : Fate.DELIVER, 1);
        assertThat(result.lost()).isEqualTo(10);
        assertThat(result.delivered()).isEqualTo(990);
        assertThat(result.failed()).isTrue();
    }

    @Test
    void doubledMessagesFailIt() throws Exception {
        LoadTestResult result = run(n -> n % 100 == 7 ? Fate.TWICE : Fate.DELIVER, 30);
        assertThat(result.doubled()).isEqualTo(10);
        assertThat(result.lost()).isZero();
        assertThat(result.failed()).isTrue();
    }

    @Test
    void disorderFailsIt() throws Exception {
        // Only where both are for the same device, which is one pair in fifty.
        LoadTestResult result = run(n -> n % 2 == 0 ? Fate.LATER : Fate.DELIVER, 30);
        assertThat(result.outOfOrder()).isBetween(1L, 40L);
        assertThat(result.lost()).isZero();
        assertThat(result.failed()).isTrue();
    }

    @Test
    void anInterruptEndsItWithAReport() throws Exception {
        try (FakeGateway gateway = new FakeGateway(kafka(), _ -> Fate.DELIVER)) {
            Thread runner = Thread.currentThread();
            LoadTestConfig config = config(List.of(gateway.url()), 3_600, 30);
            PrintStream interrupting =
                    new PrintStream(progress, true, StandardCharsets.UTF_8) {
                        @Override
                        public void println(String line) {
                            super.println(line);
                            if (line.contains("delivered")) {
                                runner.interrupt();
                            }
                        }
                    };
            LoadTestResult result = LoadTest.run(config, print(report), interrupting);
            assertThat(result.interrupted()).isTrue();
            assertThat(result.lost()).isZero();
            assertThat(result.delivered()).isPositive();
            assertThat(text(report)).contains("interrupted, until then passed");
            assertThat(Thread.interrupted()).isFalse();
        }
    }

    @Test
    void kafkaThatIsNotThereIsOneClearLine() {
        LoadTestConfig config =
                new LoadTestConfig(
                        List.of(URI.create("ws://127.0.0.1:1")),
                        "no-such-host.invalid:1",
                        device -> device,
                        1,
                        1,
                        1,
                        512,
                        1,
                        "load",
                        Duration.ofSeconds(1),
                        null);
        assertThatThrownBy(() -> LoadTest.run(config, print(report), print(progress)))
                .isInstanceOf(LoadTestException.class)
                .hasMessageStartingWith("Kafka at no-such-host.invalid:1: ");
    }

    @Test
    void moreConnectionsThanOpenFilesIsOneClearLine() {
        assertThatCode(() -> Devices.checkOpenFiles(19_000, 20_000)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Devices.checkOpenFiles(20_000, 20_000))
                .isInstanceOf(LoadTestException.class)
                .hasMessage(
                        "20,000 connections need about 20,250 open files, and this process may have"
                                + " 20,000 (ulimit -n)");
    }

    private LoadTestResult run(IntFunction<Fate> fates, int drainSeconds) throws Exception {
        try (FakeGateway gateway = new FakeGateway(kafka(), fates)) {
            return LoadTest.run(
                    config(List.of(gateway.url()), 2, drainSeconds),
                    print(report),
                    print(progress));
        }
    }

    private LoadTestConfig config(List<URI> urls, int seconds, int drainSeconds) {
        return new LoadTestConfig(
                urls,
                kafka(),
                device -> device,
                50,
                500,
                seconds,
                200,
                500,
                "load",
                Duration.ofSeconds(drainSeconds),
                folder.resolve("result.json"));
    }

    private static String kafka() {
        return TestKafka.shared().bootstrapServers();
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream from) {
        return from.toString(StandardCharsets.UTF_8);
    }
}
