package io.pushgate.faults.cluster;

import io.pushgate.embedded.EmbeddedException;
import io.pushgate.embedded.EmbeddedRedis;
import io.pushgate.embedded.EmbeddedRedisCluster;
import io.pushgate.embedded.EmbeddedRedisSentinel;
import io.pushgate.embedded.EmbeddedRedisSettings;
import io.pushgate.embedded.RedisWire;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The Redis of a cluster under test. */
public sealed interface Redis extends AutoCloseable {
    /** Of each primary: one takes over, and the other confirms what purgers write meanwhile. */
    int REPLICAS = 2;

    /** What clients that need no proxy connect to. */
    String uri();

    /** All servers, whatever their part is now. */
    List<EmbeddedRedis> nodes();

    /** Starts those that are down, and lets go those that are frozen. */
    default void ensureUp() {
        for (EmbeddedRedis node : nodes()) {
            if (node.isRunning()) {
                node.resume();
            } else {
                node.start();
            }
        }
    }

    @Override
    void close();

    static Redis start(Topology topology, Path dir, int port) {
        return switch (topology) {
            case SINGLE, MEASURED -> Single.start(dir, port);
            case SENTINEL -> Sentinel.start();
            case CLUSTER -> Cluster.start();
        };
    }

    /**
     * Sends one command to one server.
     *
     * @throws UncheckedIOException where it cannot be reached or refuses
     */
    static @Nullable Object call(EmbeddedRedis node, String... command) {
        try (RedisWire wire = RedisWire.connect(node.port())) {
            return wire.call(command);
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command) + " on " + node.port(), e);
        }
    }

    /** One server. */
    record Single(EmbeddedRedis node) implements Redis {
        static Single start(Path dir, int port) {
            EmbeddedRedisSettings settings =
                    new EmbeddedRedisSettings(port, dir.resolve("redis"), List.of());
            EmbeddedRedis node = new EmbeddedRedis(settings);
            node.start();
            return new Single(node);
        }

        @Override
        public String uri() {
            return node.uri();
        }

        @Override
        public List<EmbeddedRedis> nodes() {
            return List.of(node);
        }

        @Override
        public void close() {
            node.close();
        }
    }

    /** A primary that Sentinels watch. */
    record Sentinel(EmbeddedRedisSentinel group) implements Redis {
        private static final Duration DOWN_AFTER = Duration.ofSeconds(2);

        static Sentinel start() {
            EmbeddedRedisSentinel group = new EmbeddedRedisSentinel(REPLICAS, DOWN_AFTER);
            try {
                group.start();
            } catch (EmbeddedException e) {
                group.close();
                throw e;
            }
            return new Sentinel(group);
        }

        @Override
        public String uri() {
            return group.uri(false);
        }

        @Override
        public List<EmbeddedRedis> nodes() {
            return group.nodes();
        }

        @Override
        public void close() {
            group.close();
        }
    }

    /** A Redis Cluster. */
    record Cluster(EmbeddedRedisCluster cluster) implements Redis {
        private static final int PRIMARIES = 3;

        static Cluster start() {
            EmbeddedRedisCluster cluster = new EmbeddedRedisCluster(PRIMARIES, REPLICAS);
            try {
                cluster.start();
            } catch (EmbeddedException e) {
                cluster.close();
                throw e;
            }
            return new Cluster(cluster);
        }

        /** Those that serve slots now. */
        public List<EmbeddedRedis> primaries() {
            return with("master");
        }

        /** Those that follow a primary now. */
        public List<EmbeddedRedis> replicas() {
            return with("slave");
        }

        private List<EmbeddedRedis> with(String role) {
            return nodes().stream()
                    .filter(EmbeddedRedis::isRunning)
                    .filter(
                            node ->
                                    call(node, "ROLE") instanceof List<?> l
                                            && role.equals(l.getFirst()))
                    .toList();
        }

        @Override
        public String uri() {
            return cluster.uri();
        }

        @Override
        public List<EmbeddedRedis> nodes() {
            return cluster.nodes();
        }

        @Override
        public void close() {
            cluster.close();
        }
    }
}
