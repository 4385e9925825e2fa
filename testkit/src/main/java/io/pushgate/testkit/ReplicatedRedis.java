package io.pushgate.testkit;

import io.pushgate.embedded.EmbeddedRedis;
import io.pushgate.embedded.EmbeddedRedisCluster;
import io.pushgate.embedded.EmbeddedRedisSentinel;
import io.pushgate.embedded.RedisWire;
import io.pushgate.runtime.config.RedisConfig;

import org.awaitility.Awaitility;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/**
 * A real Redis whose primaries have replicas that take over by themselves, for tests of what a
 * failover loses; made of embedded servers.
 *
 * @param primary the one to hurt
 * @param replicas its own
 * @param servers ends all of them
 */
public record ReplicatedRedis(
        String uri, EmbeddedRedis primary, List<EmbeddedRedis> replicas, Runnable servers)
        implements AutoCloseable {
    /** How a replica is made the primary. */
    public enum Kind {
        /** One primary with two replicas, watched by three Sentinels. */
        SENTINEL,
        /** Three primaries with one replica each. */
        CLUSTER
    }

    /** Up in 2 to 5 s; to be closed by its test. */
    public static ReplicatedRedis start(Kind kind) {
        return switch (kind) {
            case SENTINEL -> sentinel();
            case CLUSTER -> cluster();
        };
    }

    private static ReplicatedRedis sentinel() {
        EmbeddedRedisSentinel group = new EmbeddedRedisSentinel(2, Duration.ofSeconds(1));
        group.start();
        List<EmbeddedRedis> nodes = group.nodes();
        return new ReplicatedRedis(
                group.uri(true), nodes.getFirst(), nodes.subList(1, 3), group::close);
    }

    private static ReplicatedRedis cluster() {
        EmbeddedRedisCluster cluster = new EmbeddedRedisCluster(3, 1);
        cluster.start();
        List<EmbeddedRedis> nodes = cluster.nodes();
        return new ReplicatedRedis(
                cluster.uri(), nodes.getFirst(), List.of(nodes.get(3)), cluster::close);
    }

    /** For {@code RedisConnection.open}, with a timeout of 1 s. */
    public RedisConfig config() {
        return new RedisConfig(uri, RedisConfig.Mode.AUTO, Duration.ofSeconds(1));
    }

    /**
     * Until they are thawed they confirm nothing; their kernels still take what is sent to them.
     */
    public void freezeReplicas() {
        replicas.forEach(EmbeddedRedis::pause);
    }

    public void thawReplicas() {
        replicas.forEach(EmbeddedRedis::resume);
    }

    /**
     * Has the primary drop its frozen replicas: from now on not even their kernels hear of what is
     * written.
     */
    public void cutReplicas() {
        try (RedisWire wire = RedisWire.connect(primary.port())) {
            wire.call("CLIENT", "KILL", "TYPE", "replica");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when a replica has taken over, half a minute at most. */
    public void awaitTakeover() {
        Awaitility.await("a replica takes over")
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> replicas.stream().anyMatch(ReplicatedRedis::isPrimary));
    }

    private static boolean isPrimary(EmbeddedRedis node) {
        try (RedisWire wire = RedisWire.connect(node.port())) {
            return String.valueOf(wire.call("ROLE")).startsWith("[master");
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        servers.run();
    }
}
