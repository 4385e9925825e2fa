package io.pushgate.runtime.redis;

import static io.pushgate.runtime.redis.RedisTests.awaitOk;
import static io.pushgate.runtime.redis.RedisTests.bytes;
import static io.pushgate.runtime.redis.RedisTests.get;
import static io.pushgate.runtime.redis.RedisTests.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.ScriptOutputType;
import io.pushgate.embedded.EmbeddedRedis;
import io.pushgate.embedded.EmbeddedRedisSentinel;
import io.pushgate.embedded.RedisWire;
import io.pushgate.runtime.config.RedisConfig;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A primary with a replica behind Sentinels, and who follows when they change places. */
class RedisSentinelTest {
    private static final LuaScript COUNT = LuaScript.load(LuaScriptTest.class, "count.lua");

    /** 2 s on a machine of its own, which the fault harness holds it to; here builds share it. */
    private static final Duration FOLLOWED_WITHIN = Duration.ofSeconds(6);

    private final AtomicInteger changes = new AtomicInteger();
    private final Queue<String> received = new ConcurrentLinkedQueue<>();
    private EmbeddedRedisSentinel group;
    private RedisConnection redis;
    private RedisChannels channels;

    @BeforeEach
    void start() throws Exception {
        group = new EmbeddedRedisSentinel(1, Duration.ofMillis(500));
        group.start();
        redis =
                RedisConnection.open(
                        new RedisConfig(
                                group.uri(true), RedisConfig.Mode.AUTO, Duration.ofSeconds(1)));
        redis.onHistoryChange(changes::incrementAndGet);
        awaitOk(redis);
        channels = new RedisChannels(redis);
        get(channels.subscribe("news", message -> received.add(text(message))).ready());
    }

    @AfterEach
    void stop() {
        channels.close();
        redis.close();
        group.close();
    }

    @Test
    void commandsAndSubscriptionsFollowAKilledPrimary() throws Exception {
        EmbeddedRedis primary = group.primary();
        get(redis.commands().set(bytes("k"), bytes("v")));
        assertThat(redis.check().detail()).contains("answers");

        primary.kill();
        EmbeddedRedis successor = awaitSuccessor(primary);

        assertFollows(successor);
        await().atMost(FOLLOWED_WITHIN).untilAsserted(() -> assertThat(changes).hasValue(1));
    }

    /** Its connections are alive, and the Sentinels leave it alone for 8 s after it wakes. */
    @Test
    void aPrimaryThatFrozeWhileAReplicaTookOverIsLeft() throws Exception {
        EmbeddedRedis primary = group.primary();
        primary.pause();
        EmbeddedRedis successor = awaitSuccessor(primary);
        primary.resume();

        assertFollows(successor);
    }

    @Test
    void aDemotedPrimaryIsLeftAtItsFirstRefusal() throws Exception {
        EmbeddedRedis primary = group.primary();
        EmbeddedRedis replica = other(primary);
        long connection = get(redis.commands().clientId());
        call(replica, "REPLICAOF", "NO", "ONE");
        call(primary, "REPLICAOF", "127.0.0.1", Integer.toString(replica.port()));

        assertThatThrownBy(() -> get(count())).hasMessageContaining("read only replica");
        await().atMost(FOLLOWED_WITHIN)
                .ignoreExceptions()
                .until(() -> get(redis.commands().clientId()) != connection);
    }

    @Test
    void aPinnedConnectionSaysWhetherReplicasHaveTheWrites() throws Exception {
        EmbeddedRedis primary = group.primary();
        PinnedConnection pinned = get(redis.pinned().to(bytes("k")));
        get(pinned.commands().set(bytes("k"), bytes("v")));
        get(pinned.replicated(bytes("mark"), 1, Duration.ofMillis(500)));
        assertThat(get(redis.pinned().to(bytes("k")))).isSameAs(pinned);

        // More than there are.
        assertThatThrownBy(() -> get(pinned.replicated(bytes("mark"), 2, Duration.ofMillis(100))))
                .hasRootCauseInstanceOf(ReplicationException.class)
                .hasMessageContaining("1 of 2 replicas");

        // A replica that hears nothing; what another connection wrote counts as well.
        EmbeddedRedis replica = other(primary);
        replica.pause();
        get(redis.commands().set(bytes("k"), bytes("w")));
        assertThatThrownBy(() -> get(pinned.replicated(bytes("mark"), 1, Duration.ofMillis(100))))
                .hasMessageContaining("0 of 1 replicas");
        replica.resume();
        await().untilAsserted(
                        () -> get(pinned.replicated(bytes("mark"), 1, Duration.ofMillis(500))));

        // Demoted and promoted again on one and the same connection: another history.
        call(primary, "REPLICAOF", "127.0.0.1", Integer.toString(replica.port()));
        assertThatThrownBy(() -> get(pinned.replicated(bytes("mark"), 0, Duration.ofMillis(100))))
                .hasMessageContaining("read only replica");
        call(primary, "REPLICAOF", "NO", "ONE");
        assertThatThrownBy(() -> get(pinned.replicated(bytes("mark"), 0, Duration.ofMillis(100))))
                .hasRootCauseInstanceOf(ReplicationException.class)
                .hasMessageContaining("not the primary any more");

        redis.pinned().failed(pinned);
        assertThatThrownBy(() -> get(redis.pinned().to(bytes("k"))))
                .hasRootCauseInstanceOf(HistoryChangedException.class);
        get(redis.pinned().to(bytes("k")));
    }

    private void assertFollows(EmbeddedRedis successor) {
        String mark = "mark-" + successor.port();
        await().atMost(FOLLOWED_WITHIN)
                .ignoreExceptions()
                .until(
                        () -> {
                            get(count());
                            return call(successor, "EXISTS", "counter").equals("1");
                        });
        await().atMost(FOLLOWED_WITHIN)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(
                        () -> {
                            get(channels.publish("news", bytes(mark)));
                            return received.contains(mark);
                        });
    }

    private CompletionStage<List<Object>> count() {
        return COUNT.run(
                redis, ScriptOutputType.MULTI, new byte[][] {bytes("counter")}, bytes("1"));
    }

    /** Sentinel cuts the connections of the one that it makes a primary. */
    private EmbeddedRedis awaitSuccessor(EmbeddedRedis primary) {
        EmbeddedRedis replica = other(primary);
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> call(replica, "ROLE").startsWith("[master"));
        return replica;
    }

    private EmbeddedRedis other(EmbeddedRedis one) {
        return group.nodes().stream().filter(node -> node != one).findFirst().orElseThrow();
    }

    private static String call(EmbeddedRedis node, String... command) throws IOException {
        try (RedisWire wire = RedisWire.connect(node.port())) {
            return String.valueOf(wire.call(command));
        }
    }
}
