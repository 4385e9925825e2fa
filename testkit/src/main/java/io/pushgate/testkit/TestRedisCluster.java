package io.pushgate.testkit;

import io.pushgate.embedded.EmbeddedRedis;
import io.pushgate.embedded.EmbeddedRedisCluster;
import io.pushgate.embedded.RedisWire;
import io.pushgate.runtime.config.RedisConfig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** A real Redis Cluster for tests, made of embedded servers; any thread may call. */
public final class TestRedisCluster implements AutoCloseable {
    private final EmbeddedRedisCluster cluster;

    private TestRedisCluster(EmbeddedRedisCluster cluster) {
        this.cluster = cluster;
    }

    /** Started at the first call, ended with the JVM. */
    private static final class Shared {
        static final TestRedisCluster INSTANCE = create();

        private static TestRedisCluster create() {
            TestRedisCluster started = start(3, 0);
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(started::close, "stop-test-redis-cluster"));
            return started;
        }
    }

    /** Three primaries for all tests of this JVM; not to be stopped. Up in about 2 s. */
    public static TestRedisCluster shared() {
        return Shared.INSTANCE;
    }

    /** A new one, to be closed by its test. */
    public static TestRedisCluster start(int primaries, int replicasPerPrimary) {
        EmbeddedRedisCluster cluster = new EmbeddedRedisCluster(primaries, replicasPerPrimary);
        cluster.start();
        return new TestRedisCluster(cluster);
    }

    /** All nodes, separated by commas. */
    public String uri() {
        return cluster.uri();
    }

    /** For {@code RedisConnection.open}: this cluster, with a timeout of 3 s. */
    public RedisConfig config() {
        return new RedisConfig(uri(), RedisConfig.Mode.AUTO, Duration.ofSeconds(3));
    }

    /** The servers, to be stopped or asked one by one. */
    public EmbeddedRedisCluster servers() {
        return cluster;
    }

    /** Deletes all keys. */
    public void flushAll() {
        for (EmbeddedRedis node : cluster.nodes()) {
            try (RedisWire wire = RedisWire.connect(node.port())) {
                if (String.valueOf(wire.call("INFO", "replication")).contains("role:master")) {
                    wire.call("FLUSHALL");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        cluster.close();
    }
}
