package io.pushgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.loadtest.agent.Agent;
import io.pushgate.loadtest.control.Shape;
import io.pushgate.loadtest.report.TextReport;
import io.pushgate.loadtest.run.Coordinator;
import io.pushgate.loadtest.run.RunConfig;
import io.pushgate.loadtest.run.RunResult;
import io.pushgate.protocol.Receipt;
import io.pushgate.standalone.RoleKind;
import io.pushgate.standalone.SigningKeys.DeviceClaims;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** The load generator over the whole gateway: two agents, two access nodes, one of which drains. */
@Timeout(120)
class DistributedLoadTest {
    private static final int CONNECTIONS = 200;

    @Test
    void everyMessageIsAccountedForWhileANodeDrains() throws Exception {
        ClusterSettings settings = new ClusterSettings().with(RoleKind.ACCESS_SERVER, 2);
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Cluster cluster = settings.start();
                Agent one = Agent.start(anywhere);
                Agent two = Agent.start(anywhere)) {
            Member leaving = cluster.members(RoleKind.ACCESS_SERVER).getLast();
            RunResult result =
                    Coordinator.run(
                            config(cluster),
                            List.of(one.address(), two.address()),
                            List.of(),
                            drainingOnceItRuns(cluster, leaving));
            String text = String.join("\n", TextReport.lines(result));
            assertThat(result.failed()).as(text).isFalse();
            assertThat(result.counts().everConnected()).isEqualTo(CONNECTIONS);
            assertThat(result.counts().connected()).isEqualTo(CONNECTIONS);
            assertThat(result.counts().moved() + result.counts().lost())
                    .as("half of the devices had to move")
                    .isBetween(CONNECTIONS / 2L, (long) CONNECTIONS);
            assertThat(result.inquest().published()).isEqualTo(1_200);
            assertThat(result.inquest().expected()).isGreaterThan(1_200);
            assertThat(result.receipts())
                    .containsEntry(Receipt.Status.DELIVERED, result.inquest().expected());
            assertThat(result.latencies().due().count()).isEqualTo(result.inquest().expected());
        }
    }

    private static RunConfig config(Cluster cluster) {
        List<String> urls =
                cluster.members(RoleKind.ACCESS_SERVER).stream().map(Member::url).toList();
        return new RunConfig(
                new RunConfig.Load(CONNECTIONS, 300, 4, 300, Shape.MIXED, 3, 400),
                new RunConfig.Target(
                        Cluster.APP,
                        urls,
                        List.of(),
                        (device, user) ->
                                cluster.token(
                                        new DeviceClaims(
                                                Cluster.APP, device, user, "load", Set.of())),
                        cluster.kafka().bootstrapServers(),
                        Map.of()),
                true,
                Duration.ofSeconds(30));
    }

    /** The progress goes here; once something is published, the node is told to go. */
    private static PrintStream drainingOnceItRuns(Cluster cluster, Member leaving) {
        AtomicBoolean told = new AtomicBoolean();
        return new PrintStream(new ByteArrayOutputStream(), true, UTF_8) {
            @Override
            public void println(String line) {
                if (line.contains("published") && told.compareAndSet(false, true)) {
                    cluster.remove(leaving);
                    Thread.ofVirtual().start(() -> drain(leaving));
                }
            }
        };
    }

    private static void drain(Member leaving) {
        try {
            leaving.drain();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            leaving.close();
        }
    }
}
