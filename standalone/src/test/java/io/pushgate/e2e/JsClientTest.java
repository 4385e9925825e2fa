package io.pushgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.standalone.RoleKind;
import io.pushgate.testkit.NodeJs;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The JavaScript client against the whole gateway, while its access node drains and is killed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock(NodeScript.BROWSER)
class JsClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int BATCH = 100;

    private @Nullable Cluster cluster;
    private @Nullable Member node;
    private int port;

    @BeforeAll
    void start() throws Exception {
        NodeJs.assumeFound();
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        ClusterSettings settings =
                new ClusterSettings()
                        .with(RoleKind.ACCESS_SERVER, 0)
                        .set("access.origin-allowed", "http://localhost");
        cluster = settings.start();
        startNode();
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Timeout(180)
    void inNodeEachMessageIsHandedOnOnceAndInOrder() throws Exception {
        survivesRestarts("client-in-node.mjs", "js-node");
    }

    @Test
    @Timeout(180)
    void inABrowserThePageOfTheReadmeShowsEachMessageOnceAndInOrder() throws Exception {
        survivesRestarts("client-in-browser.mjs", "js-browser");
    }

    private void survivesRestarts(String script, String device) throws Exception {
        Cluster gateway = started(cluster);
        String url = started(node).url();
        publish(device, 0); // waits in the inbox
        try (NodeScript client = NodeScript.start(script, url, gateway.token(device))) {
            awaitMessages(client, BATCH);

            publish(device, 1);
            gateway.remove(started(node)).drain();
            publish(device, 2);
            startNode();
            awaitMessages(client, 3 * BATCH);

            publish(device, 3);
            gateway.remove(started(node)).close(); // what is on its way dies with it
            publish(device, 4);
            startNode();
            awaitMessages(client, 5 * BATCH);

            publish(device, 5);
            awaitMessages(client, 6 * BATCH);
            assertThat(client.end()).as(client.toString()).isZero();
            assertThat(client.ids()).isEqualTo(ids(device, 6 * BATCH));
            assertThat(client.events("error")).isEmpty();
        }
    }

    private void startNode() throws Exception {
        Cluster gateway = started(cluster);
        node = gateway.add(RoleKind.ACCESS_SERVER, Map.of("access.port", "" + port));
        gateway.awaitReady();
    }

    private void publish(String device, int batch) {
        Cluster gateway = started(cluster);
        for (String id :
                ids(device, (batch + 1) * BATCH).subList(batch * BATCH, (batch + 1) * BATCH)) {
            gateway.publish(gateway.request(id, device, "{\"of\":\"" + id + "\"}"));
        }
    }

    private static List<String> ids(String device, int count) {
        return IntStream.range(0, count).mapToObj(i -> device + "-" + i).toList();
    }

    private static void awaitMessages(NodeScript client, int count) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(client.ids().size())
                                        .as(client::toString)
                                        .isGreaterThanOrEqualTo(count));
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("not started");
        }
        return part;
    }
}
