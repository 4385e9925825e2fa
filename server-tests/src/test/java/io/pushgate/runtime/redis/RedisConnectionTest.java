package io.pushgate.runtime.redis;

import static io.pushgate.runtime.redis.RedisTests.awaitNotOk;
import static io.pushgate.runtime.redis.RedisTests.awaitOk;
import static io.pushgate.runtime.redis.RedisTests.bytes;
import static io.pushgate.runtime.redis.RedisTests.get;
import static io.pushgate.runtime.redis.RedisTests.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.runtime.config.RedisConfig;
import io.pushgate.testkit.TestRedis;
import io.pushgate.testkit.TestRedisCluster;
import io.pushgate.testkit.TestTopics;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

class RedisConnectionTest {
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    @Test
    void connectsInTheBackgroundToAServerThatComesLater() throws Exception {
        try (TestRedis server = TestRedis.start()) {
            server.kill();
            long before = System.nanoTime();
            try (RedisConnection redis = RedisConnection.open(server.config())) {
                assertThat(redis.check().ok()).isFalse();
                RedisFuture<byte[]> refused = redis.commands().get(bytes("k"));
                assertThat(Duration.ofNanos(System.nanoTime() - before))
                        .isLessThan(AT_ONCE.multipliedBy(2));
                assertThatThrownBy(() -> get(refused))
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(RedisUnavailableException.class)
                        .hasMessageContaining("127.0.0.1:");
                await().untilAsserted(
                                () ->
                                        assertThat(redis.check().detail())
                                                .contains("Connection refused"));

                server.restart();

                awaitOk(redis);
                assertThat(get(redis.commands().set(bytes("k"), bytes("v")))).isEqualTo("OK");
                assertThat(redis.cluster()).isFalse();
            }
        }
    }

    @Test
    void failsFastWhileTheServerIsDownAndWorksAgainAfterwards() throws Exception {
        try (TestRedis server = TestRedis.start();
                RedisConnection redis = RedisConnection.open(server.config())) {
            awaitOk(redis);
            server.kill();
            awaitNotOk(redis);

            long before = System.nanoTime();
            assertThatThrownBy(() -> get(redis.commands().get(bytes("k"))))
                    .hasCauseInstanceOf(RedisException.class)
                    .hasMessageContaining("not connected");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(AT_ONCE);
            assertThat(redis.check().detail()).contains("no answer from Redis at 127.0.0.1:");

            server.restart();
            awaitOk(redis);
            assertThat(get(redis.commands().set(bytes("k"), bytes("v")))).isEqualTo("OK");
        }
    }

    @Test
    void whatIsInFlightIsBounded() throws Exception {
        try (TestRedis server = TestRedis.start();
                RedisConnection redis = RedisConnection.open(patient(server))) {
            awaitOk(redis);
            server.pause();
            List<RedisFuture<byte[]>> sent = new ArrayList<>();
            for (int i = 0; i < LettuceSettings.MAX_IN_FLIGHT + 100; i++) {
                sent.add(redis.commands().get(bytes("k")));
            }
            assertThatThrownBy(() -> get(sent.getLast()))
                    .hasCauseInstanceOf(RedisException.class)
                    .hasMessageContaining("size exceeded");
            server.resume();
            assertThat(get(sent.getFirst())).isNull();
        }
    }

    /** No request times out before all are sent, however slow the machine. */
    private static RedisConfig patient(TestRedis server) {
        return new RedisConfig(server.uri(), RedisConfig.Mode.AUTO, Duration.ofMinutes(1));
    }

    @Test
    void aServerThatHangsIsLeftSoThatNothingPilesUpAndIsComeBackTo() throws Exception {
        try (TestRedis server = TestRedis.start()) {
            RedisConfig impatient =
                    new RedisConfig(server.uri(), RedisConfig.Mode.AUTO, Duration.ofMillis(300));
            try (RedisConnection redis = RedisConnection.open(impatient)) {
                awaitOk(redis);
                server.pause();
                assertThatThrownBy(() -> get(redis.commands().get(bytes("k"))))
                        .hasMessageContaining("timed out");
                awaitNotOk(redis);
                await().atMost(Duration.ofSeconds(10))
                        .untilAsserted(
                                () ->
                                        assertThatThrownBy(
                                                        () -> get(redis.commands().get(bytes("k"))))
                                                .hasMessageContaining("not connected"));
                server.resume();
                awaitOk(redis);
                assertThat(get(redis.commands().get(bytes("k")))).isNull();
            }
        }
    }

    @Test
    void findsOutByItselfThatThereIsACluster() throws Exception {
        try (RedisConnection redis = RedisConnection.open(TestRedisCluster.shared().config())) {
            awaitOk(redis);
            assertThat(redis.cluster()).isTrue();
            String prefix = TestTopics.unique("key");
            for (int i = 0; i < 50; i++) {
                get(redis.commands().set(bytes(prefix + i), bytes("v" + i)));
            }
            for (int i = 0; i < 50; i++) {
                assertThat(text(get(redis.commands().get(bytes(prefix + i))))).isEqualTo("v" + i);
            }
        }
    }

    @Test
    void saysSoWhenTheServerIsNotWhatTheConfigurationSays() {
        TestRedis server = TestRedis.shared();
        RedisConfig cluster =
                new RedisConfig(server.uri(), RedisConfig.Mode.CLUSTER, Duration.ofSeconds(3));
        try (RedisConnection redis = RedisConnection.open(cluster)) {
            await().untilAsserted(
                            () ->
                                    assertThat(redis.check().detail())
                                            .contains("not in cluster mode"));
        }
    }

    @Test
    void refusesAnAddressThatIsNoneWithoutRepeatingItsPassword() {
        RedisConfig bad =
                new RedisConfig("http://u:secret@h", RedisConfig.Mode.AUTO, Duration.ofSeconds(1));
        assertThatThrownBy(() -> RedisConnection.open(bad))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("redis.uri")
                .hasMessageNotContaining("secret");
    }

    @Test
    void sentinelsAreNoCluster() {
        RedisConfig both =
                new RedisConfig(
                        "redis-sentinel://:secret@h1:26379,h2:26379/0#mymaster",
                        RedisConfig.Mode.CLUSTER,
                        Duration.ofSeconds(1));
        assertThatThrownBy(() -> RedisConnection.open(both))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Sentinels")
                .hasMessageNotContaining("secret");
    }

    @Test
    void metersShowTheConnection() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (TestRedis server = TestRedis.start();
                RedisConnection redis = RedisConnection.open(server.config())) {
            redis.bindTo(registry);
            awaitOk(redis);
            assertThat(registry.get("pushgate.redis.connected").gauge().value()).isEqualTo(1);
            await().until(() -> registry.get("pushgate.redis.ping").timer().count() > 0);
            await().atMost(10, TimeUnit.SECONDS)
                    .until(
                            () ->
                                    registry.get("pushgate.redis.memory.used.bytes").gauge().value()
                                            > 100_000);
            server.kill();
            await().atMost(10, TimeUnit.SECONDS)
                    .until(
                            () ->
                                    registry.get("pushgate.redis.ping.failures")
                                                    .functionCounter()
                                                    .count()
                                            > 0);
            assertThat(registry.get("pushgate.redis.connected").gauge().value()).isZero();
        }
    }
}
