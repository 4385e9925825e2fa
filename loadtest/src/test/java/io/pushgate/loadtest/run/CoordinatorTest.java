package io.pushgate.loadtest.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.loadtest.FakeGateway;
import io.pushgate.loadtest.FakeGateway.Fate;
import io.pushgate.loadtest.LoadTestException;
import io.pushgate.loadtest.agent.Agent;
import io.pushgate.loadtest.control.Shape;
import io.pushgate.loadtest.machine.Processes;
import io.pushgate.loadtest.report.HtmlReport;
import io.pushgate.loadtest.report.JsonReport;
import io.pushgate.loadtest.report.TextReport;
import io.pushgate.protocol.Topics;
import io.pushgate.testkit.TestKafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/** Whole runs with two agents, over a real Kafka and a gateway that misbehaves as told. */
@Timeout(120)
class CoordinatorTest {
    private static final int CONNECTIONS = 50;
    private static final List<Agent> AGENTS = new ArrayList<>();
    private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

    @BeforeAll
    static void start() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka()))) {
            Set<String> there = admin.listTopics().names().get();
            List<NewTopic> missing = new ArrayList<>();
            if (!there.contains(Topics.REQUESTS)) {
                missing.add(new NewTopic(Topics.REQUESTS, 1, (short) 1));
            }
            if (!there.contains(Topics.RECEIPTS)) {
                missing.add(new NewTopic(Topics.RECEIPTS, 2, (short) 1));
            }
            admin.createTopics(missing).all().get();
        }
        for (int i = 0; i < 2; i++) {
            AGENTS.add(Agent.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        }
    }

    @AfterAll
    static void stop() {
        AGENTS.forEach(Agent::close);
    }

    @Test
    void aGoodGatewayPasses(@TempDir Path folder) throws Exception {
        RunResult result = run(_ -> Fate.DELIVER, CONNECTIONS, 20);
        String text = String.join("\n", TextReport.lines(result));
        assertThat(result.failed()).as(text).isFalse();
        assertThat(result.counts().everConnected()).isEqualTo(CONNECTIONS);
        assertThat(result.inquest().published()).isEqualTo(500);
        assertThat(result.inquest().delivered()).isEqualTo(500);
        assertThat(result.inquest().unreceipted()).isZero();
        assertThat(result.latencies().due().count()).isEqualTo(500);
        assertThat(result.latencies().stored().p50()).isPositive();
        assertThat(result.latencies().due().p50())
                .isGreaterThanOrEqualTo(result.latencies().stored().p50());
        assertThat(text).contains("result: passed", "load generator");
        assertThat(progress.toString(UTF_8)).contains("delivered ");
        assertThat(result.timeline().names()).containsExactly("load generator");

        JsonReport.write(folder.resolve("run.json"), result);
        assertThat(Files.readString(folder.resolve("run.json")))
                .contains("\"delivered\" : 500", "\"failed\" : false");
        HtmlReport.write(folder.resolve("run.html"), result);
        assertThat(Files.readString(folder.resolve("run.html")))
                .contains("<svg", "result: passed", "</html>")
                .doesNotContain("http://", "https://", "<script", "<link", "NaN", "Infinity");
    }

    @Test
    void lossAndDisorderFailIt() throws Exception {
        // Disorder only where both are for the same device, which is one pair in ten.
        RunResult result =
                run(n -> n % 100 == 8 ? Fate.DROP : n % 2 == 0 ? Fate.LATER : Fate.DELIVER, 10, 2);
        assertThat(result.inquest().lost()).isEqualTo(5);
        assertThat(result.inquest().examples()).hasSize(5);
        assertThat(result.inquest().delivered()).isEqualTo(495);
        assertThat(result.counts().outOfOrder()).isBetween(1L, 100L);
        assertThat(result.failed()).isTrue();
    }

    @Test
    void anInterruptEndsItWithAResult() throws Exception {
        try (FakeGateway gateway = new FakeGateway(kafka(), _ -> Fate.DELIVER)) {
            Thread runner = Thread.currentThread();
            PrintStream interrupting =
                    new PrintStream(progress, true, UTF_8) {
                        @Override
                        public void println(String line) {
                            super.println(line);
                            if (line.contains("delivered")) {
                                runner.interrupt();
                            }
                        }
                    };
            RunResult result =
                    Coordinator.run(
                            config(gateway, CONNECTIONS, 3_600, 20),
                            agents(),
                            List.of(),
                            interrupting);
            assertThat(result.interrupted()).isTrue();
            assertThat(result.lost()).isZero();
            assertThat(result.inquest().delivered()).isPositive();
            assertThat(TextReport.lines(result)).last().asString().contains("until then passed");
            assertThat(Thread.interrupted()).isFalse();
        }
    }

    @Test
    void anAgentThatIsAwayIsOneClearLine() throws Exception {
        Agent gone = Agent.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        InetSocketAddress address = gone.address();
        gone.close();
        try (FakeGateway gateway = new FakeGateway(kafka(), _ -> Fate.DELIVER)) {
            assertThatThrownBy(
                            () ->
                                    Coordinator.run(
                                            config(gateway, CONNECTIONS, 1, 1),
                                            List.of(AGENTS.getFirst().address(), address),
                                            List.of(),
                                            new PrintStream(progress, true, UTF_8)))
                    .isInstanceOf(LoadTestException.class)
                    .hasMessageStartingWith(
                            "agent " + address.getHostString() + ":" + address.getPort());
        }
    }

    private RunResult run(IntFunction<Fate> fates, int connections, int drainSeconds)
            throws Exception {
        try (FakeGateway gateway = new FakeGateway(kafka(), fates)) {
            List<Processes.Watched> watched = List.of();
            return Coordinator.run(
                    config(gateway, connections, 1, drainSeconds),
                    agents(),
                    watched,
                    new PrintStream(progress, true, UTF_8));
        }
    }

    private static RunConfig config(
            FakeGateway gateway, int connections, int seconds, int drainSeconds) {
        return new RunConfig(
                new RunConfig.Load(connections, 500, seconds, 200, Shape.UNICAST, 1, 500),
                new RunConfig.Target(
                        "load",
                        List.of(gateway.url().toString()),
                        List.of("127.0.0.1"),
                        (device, _) -> device,
                        kafka(),
                        Map.of()),
                true,
                Duration.ofSeconds(drainSeconds));
    }

    private static List<InetSocketAddress> agents() {
        return AGENTS.stream().map(Agent::address).toList();
    }

    private static String kafka() {
        return TestKafka.shared().bootstrapServers();
    }
}
