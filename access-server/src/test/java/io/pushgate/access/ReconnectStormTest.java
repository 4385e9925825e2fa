package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.pushgate.access.auth.Keys;
import io.pushgate.client.Connected;
import io.pushgate.client.Disconnected;
import io.pushgate.client.EventLoops;
import io.pushgate.client.PushMessage;
import io.pushgate.client.PushgateClient;
import io.pushgate.client.PushgateListener;
import io.pushgate.protocol.DeviceKey;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * All devices of a node that died come to the other one at once; the fault scenario {@code
 * reconnect-storm} has 5,000 of them. With {@code -Dstorm.rate=0 -Dstorm.handshakes=100000
 * -Dstorm.devices=3000} it measures how many a node can take.
 */
class ReconnectStormTest {
    private static final Logger log = LoggerFactory.getLogger(ReconnectStormTest.class);
    private static final int DEVICES = Integer.getInteger("storm.devices", 2_000);
    private static final int RATE = Integer.getInteger("storm.rate", 400);
    private static final int HANDSHAKES = Integer.getInteger("storm.handshakes", 200);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String run = "storm-" + System.nanoTime() + "-";
    private final List<Device> devices = new ArrayList<>();

    private static final class Device implements PushgateListener {
        private final List<String> ids = new ArrayList<>();
        private final List<String> life = new ArrayList<>();
        private final PushgateClient client;

        Device(List<URI> urls, String token, EventLoopGroup loops) {
            client =
                    PushgateClient.builder()
                            .urls(urls)
                            .token(token)
                            .listener(this)
                            .eventLoopGroup(loops)
                            .start();
        }

        @Override
        public synchronized void onMessage(PushMessage message) {
            ids.add(message.id());
        }

        @Override
        public void onConnected(Connected connected) {
            note(connected);
        }

        @Override
        public void onDisconnected(Disconnected disconnected) {
            note(disconnected);
        }

        @Override
        public void onError(Throwable error) {
            note(error);
        }

        private synchronized void note(Object event) {
            life.add(Instant.now() + " " + event);
        }

        synchronized List<String> ids() {
            return List.copyOf(ids);
        }

        synchronized String life() {
            return String.join("\n", life);
        }
    }

    @Test
    void everybodyComesBackInTurn() throws Exception {
        EventLoopGroup loops = EventLoops.create(2, "storm");
        Map<String, String> limits =
                Map.of("limits.accept-rate", "" + RATE, "limits.max-handshakes", "" + HANDSHAKES);
        AccessNode doomed =
                AccessNode.start(
                        Map.of("limits.accept-rate", "0", "limits.max-handshakes", "100000"));
        try (AccessNode heir = AccessNode.start(limits)) {
            connectAll(doomed, heir, loops);
            Load load = new Load(heir);
            long died = System.nanoTime();
            doomed.kill();
            for (int i = 0; i < DEVICES; i += 50) {
                heir.offer(device(i), "while-away-" + i); // for the dead node, which lost them
            }
            Awaitility.await("everybody is back")
                    .pollInterval(Duration.ofMillis(50))
                    .atMost(PATIENCE)
                    .until(
                            () -> {
                                load.look();
                                return connected(heir) == DEVICES;
                            });
            double seconds = (System.nanoTime() - died) / 1e9;
            double refused = heir.count(AccessMeters.REFUSALS);
            log.info(
                    "{} devices back in {} s, {} handshakes refused, at most {} in progress,"
                            + " {} let in within a second",
                    DEVICES,
                    String.format("%.1f", seconds),
                    (int) refused,
                    load.mostInProgress,
                    (int) load.mostInASecond);

            everybodyIsReached(heir);
            assertThat(load.mostInProgress).isLessThanOrEqualTo(HANDSHAKES);
            if (RATE > 0) {
                // What the bucket held, and what came into it; the rest is the sampling's grain.
                assertThat(load.mostInASecond).isLessThanOrEqualTo(RATE * 2.3);
                assertThat(refused).isPositive();
                assertThat(seconds).isLessThan(20 + 4.0 * DEVICES / RATE);
            }
        } finally {
            for (Device device : devices) {
                var _ = device.client.closeAsync();
            }
            var _ = loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).await(10_000);
        }
    }

    /** Half of them here, half there: each client begins with one of its addresses. */
    private void connectAll(AccessNode doomed, AccessNode heir, EventLoopGroup loops) {
        List<URI> urls = List.of(url(doomed), url(heir));
        long began = System.nanoTime();
        for (int i = 0; i < DEVICES; i++) {
            String token = Keys.token("shop", run + i);
            devices.add(new Device(urls, token, loops));
        }
        Awaitility.await("everybody is there")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> connected(doomed) + connected(heir) == DEVICES);
        log.info("{} devices connected in {} ms", DEVICES, (System.nanoTime() - began) / 1_000_000);
    }

    private void everybodyIsReached(AccessNode heir) throws Exception {
        for (int i = 0; i < DEVICES; i++) {
            heir.push(device(i), "after-" + i);
        }
        try {
            Awaitility.await("everybody got its messages")
                    .atMost(PATIENCE)
                    .until(() -> missing().isEmpty());
        } catch (ConditionTimeoutException e) {
            // What the inboxes, the node and the client each know of it.
            List<Integer> missing = missing();
            int one = missing.getFirst();
            throw new AssertionError(
                    missing.size()
                            + " devices miss messages, such as "
                            + one
                            + " with "
                            + devices.get(one).ids()
                            + ", whose route is "
                            + heir.route(device(one))
                            + "; the node got "
                            + heir.count(AccessMeters.PUSHES)
                            + " pushes; the device's life:\n"
                            + devices.get(one).life(),
                    e);
        }
    }

    private List<Integer> missing() {
        List<Integer> missing = new ArrayList<>();
        for (int i = 0; i < DEVICES; i++) {
            List<String> expected =
                    i % 50 == 0 ? List.of("while-away-" + i, "after-" + i) : List.of("after-" + i);
            if (!devices.get(i).ids().equals(expected)) {
                missing.add(i);
            }
        }
        return missing;
    }

    private DeviceKey device(int i) {
        return new DeviceKey("shop", run + i);
    }

    private static URI url(AccessNode node) {
        return URI.create("ws://127.0.0.1:" + node.port() + "/v1/ws");
    }

    private static int connected(AccessNode node) {
        return (int)
                node.meters.find(AccessMeters.CONNECTIONS.meterName()).gauges().stream()
                        .mapToDouble(gauge -> gauge.value())
                        .sum();
    }

    /** What a node is asked to do, from samples. */
    private static final class Load {
        private final AccessNode node;
        private final List<double[]> samples = new ArrayList<>();
        private int mostInProgress;
        private double mostInASecond;

        Load(AccessNode node) {
            this.node = node;
        }

        void look() {
            double now = System.nanoTime() / 1e9;
            double in = node.count(AccessMeters.CONNECTS);
            samples.add(new double[] {now, in});
            samples.removeIf(sample -> sample[0] < now - 1);
            mostInASecond = Math.max(mostInASecond, in - samples.getFirst()[1]);
            var gauge = node.meters.find(AccessMeters.HANDSHAKES.meterName()).gauge();
            mostInProgress = Math.max(mostInProgress, gauge == null ? 0 : (int) gauge.value());
        }
    }
}
