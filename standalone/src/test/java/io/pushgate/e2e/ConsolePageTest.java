package io.pushgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;

import io.pushgate.console.Console;
import io.pushgate.mailbox.ApiKeys;
import io.pushgate.mailbox.ProcessReports;
import io.pushgate.mailbox.StatsReporter;
import io.pushgate.standalone.RoleKind;
import io.pushgate.testkit.NodeJs;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The console's page in a browser, as a person uses it; its pictures go to target/screenshots. */
@ResourceLock(NodeScript.BROWSER)
class ConsolePageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path SCREENSHOTS = Path.of("target", "screenshots").toAbsolutePath();

    @BeforeEach
    void needsNode() throws Exception {
        NodeJs.assumeFound();
    }

    @Test
    @Timeout(180)
    void signsInSendsWatchesFindsAndRecalls() throws Exception {
        try (Cluster cluster = new ClusterSettings().with(RoleKind.CONSOLE, 1).start();
                StatsReporter numbers = reporter(cluster.access());
                TestDevice device = cluster.client("pos-7")) {
            numbers.start();
            Member console = cluster.members(RoleKind.CONSOLE).getFirst();
            String url = "http://127.0.0.1:" + ((Console) console.role()).port();
            await().atMost(PATIENCE).until(device::isConnected);
            try (TestDevice seenOnce = cluster.client("away-1")) {
                await().atMost(PATIENCE).until(seenOnce::isConnected);
            }
            try (NodeScript page =
                    NodeScript.start(
                            "console.mjs",
                            url,
                            administrator(console),
                            "pos-7",
                            "away-1",
                            SCREENSHOTS.toString())) {
                await().atMost(PATIENCE).until(page::hasEnded);
                assertThat(page.end()).as(page.toString()).isZero();
                assertThat(page.events("timeline").getFirst().path("steps"))
                        .extracting(JsonNode::asText)
                        .contains("accepted", "offered", "dispatched", "written", "delivered");
                assertThat(page.events("signed-out").getFirst().path("complaints")).isEmpty();
            }
            assertThat(device.ids()).containsExactly("console-1");
            try (TestDevice back = cluster.client("away-1")) {
                await().atMost(PATIENCE).until(back::isConnected);
                cluster.publish(cluster.request("after", "away-1", "1"));
                await().atMost(PATIENCE).until(() -> back.received() > 0);
                assertThat(back.ids()).containsExactly("after");
            }
        }
        for (String view : List.of("overview", "timeline", "device")) {
            byte[] light = Files.readAllBytes(SCREENSHOTS.resolve(view + "-light.png"));
            byte[] dark = Files.readAllBytes(SCREENSHOTS.resolve(view + "-dark.png"));
            assertThat(dark).as(view).isNotEqualTo(light);
        }
    }

    /** What a process of its own has, see {@link io.pushgate.standalone.RoleHost}. */
    private static StatsReporter reporter(Member member) {
        return new StatsReporter(
                member.nodeId(), new ProcessReports(member.context().redis()), member.registry());
    }

    private static String administrator(Member console) throws Exception {
        ApiKeys keys = new ApiKeys(console.context().redis(), InstantSource.system());
        String key = keys.generate();
        var _ = keys.add(key, null).toCompletableFuture().get(10, TimeUnit.SECONDS);
        return key;
    }
}
