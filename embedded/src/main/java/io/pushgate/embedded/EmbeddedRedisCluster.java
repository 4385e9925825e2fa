package io.pushgate.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A Redis Cluster of {@link EmbeddedRedis} processes on 127.0.0.1, without persistence.
 *
 * <p>Slots are spread evenly over the primaries. All methods may be called from any thread; they
 * block.
 */
public final class EmbeddedRedisCluster implements AutoCloseable {
    private static final int SLOTS = 16_384;
    private static final Duration FORM_TIMEOUT = Duration.ofSeconds(30);

    private final int primaries;
    private final List<EmbeddedRedis> nodes = new ArrayList<>();
    private final int replicasPerPrimary;

    /**
     * @param primaries at least 3 where a failover without command is wanted: it takes a majority
     *     of them
     * @param replicasPerPrimary 0 or more
     */
    public EmbeddedRedisCluster(int primaries, int replicasPerPrimary) {
        if (primaries < 1 || replicasPerPrimary < 0) {
            throw new IllegalArgumentException("a cluster has at least one primary");
        }
        this.primaries = primaries;
        this.replicasPerPrimary = replicasPerPrimary;
    }

    /**
     * Starts all nodes and waits until they agree on who serves what, 30 s at most. Call once.
     *
     * @throws EmbeddedException if they don't
     */
    public void start() {
        int count = primaries * (1 + replicasPerPrimary);
        for (int i = 0; i < count; i++) {
            int busPort = FreePorts.take(1).getFirst();
            EmbeddedRedis node = new EmbeddedRedis(settings(busPort));
            nodes.add(node);
            node.start();
        }
        ClusterForming forming =
                new ClusterForming(nodes.stream().map(EmbeddedRedis::port).toList(), FORM_TIMEOUT);
        try {
            forming.giveSlots(primaries, SLOTS);
            forming.meet();
            forming.awaitKnown();
            forming.addReplicas(primaries);
            forming.awaitOk();
        } catch (IOException e) {
            throw new EmbeddedException("can't form a Redis Cluster: " + e.getMessage(), e);
        }
    }

    /**
     * The primaries at the start, by slot; then their replicas: node {@code i} of the rest
     * replicates {@code i % primaries}.
     */
    public List<EmbeddedRedis> nodes() {
        return List.copyOf(nodes);
    }

    /** The addresses of all nodes, separated by commas, as {@code redis.uri} takes them. */
    public String uri() {
        return String.join(",", nodes.stream().map(EmbeddedRedis::uri).toList());
    }

    /** The node that serves {@code key} now; asks the nodes. */
    public EmbeddedRedis ownerOf(String key) {
        return nodes.stream().filter(node -> owns(node, key)).findFirst().orElseThrow();
    }

    /** Stops all nodes; nothing is kept. */
    @Override
    public void close() {
        nodes.forEach(EmbeddedRedis::close);
    }

    private static boolean owns(EmbeddedRedis node, String key) {
        if (!node.isRunning()) {
            return false;
        }
        try (RedisWire wire = RedisWire.connect(node.port())) {
            Object role = ((List<?>) Objects.requireNonNull(wire.call("ROLE"))).getFirst();
            // Anybody but the owner answers MOVED.
            return "master".equals(role) && wire.call("EXISTS", key) != null;
        } catch (IOException moved) {
            return false;
        }
    }

    private static EmbeddedRedisSettings settings(int busPort) {
        return EmbeddedRedisSettings.inMemory()
                .with("--cluster-enabled", "yes")
                .with("--cluster-port", Integer.toString(busPort))
                .with("--cluster-node-timeout", "2000")
                .with("--cluster-replica-validity-factor", "0")
                .with("--repl-diskless-sync-delay", "0");
    }
}
