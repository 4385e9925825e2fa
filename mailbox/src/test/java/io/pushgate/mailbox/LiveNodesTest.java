package io.pushgate.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.runtime.redis.RedisConnection;
import io.pushgate.testkit.TestRedis;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

class LiveNodesTest {
    @Test
    void aNodeDiesOfSeveralMissesInARowAndAnOutageStartsTheCountAgain() throws Exception {
        try (TestRedis server = TestRedis.start();
                RedisConnection redis = RedisConnection.open(server.config())) {
            await("Redis").until(() -> redis.check().ok());
            NodeLeases leases = new NodeLeases(redis, new SimpleMeterRegistry());
            LiveNodes nodes = new LiveNodes(leases, Duration.ofDays(1), 3);
            renew(leases, "live");
            nodes.refresh();
            assertThat(nodes.isDead("gone")).isFalse();
            nodes.refresh();
            nodes.refresh();
            assertThat(nodes.isDead("gone")).isFalse();
            nodes.refresh();
            assertThat(nodes.isDead("gone")).isTrue();
            assertThat(nodes.isDead("live")).isFalse();

            server.stop();
            await("outage").until(() -> !redis.check().ok());
            nodes.refresh();
            server.restart();
            await("back").atMost(Duration.ofSeconds(30)).until(() -> redis.check().ok());
            // Without persistence every lease is gone now; nobody is dead of that alone.
            for (int i = 0; i < 3; i++) {
                nodes.refresh();
                assertThat(nodes.isDead("gone")).isFalse();
                assertThat(nodes.isDead("live")).isFalse();
            }
            renew(leases, "live");
            nodes.refresh();
            assertThat(nodes.isDead("gone")).isTrue();
            assertThat(nodes.isDead("live")).isFalse();
        }
    }

    @Test
    void refreshesInTheBackground() throws Exception {
        try (RedisConnection redis = RedisConnection.open(TestRedis.shared().config())) {
            await("Redis").until(() -> redis.check().ok());
            NodeLeases leases = new NodeLeases(redis, new SimpleMeterRegistry());
            try (LiveNodes nodes = new LiveNodes(leases, Duration.ofMillis(10), 2)) {
                nodes.start();
                await("dead").until(() -> nodes.isDead("background"));
                renew(leases, "background");
                await("alive").until(() -> !nodes.isDead("background"));
            }
            leases.release("background").toCompletableFuture().get(5, TimeUnit.SECONDS);
        }
    }

    private static void renew(NodeLeases leases, String id) throws Exception {
        leases.renew(new NodeLease(id, "127.0.0.1:1", 0, "", "1", 1), Duration.ofMinutes(5))
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
    }
}
