package io.pushgate.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A Redis primary with replicas, and Sentinels that promote a replica when the primary is gone; all
 * on 127.0.0.1.
 *
 * <p>A primary that comes back is made a replica by the Sentinels. All methods may be called from
 * any thread; they block.
 */
public final class EmbeddedRedisSentinel implements AutoCloseable {
    /** What the Sentinels call the group. */
    public static final String GROUP = "pushgate";

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int SENTINELS = 3;

    private final int replicas;
    private final Duration downAfter;
    private final List<EmbeddedRedis> nodes = new ArrayList<>();
    private final List<Process> sentinels = new ArrayList<>();
    private final List<Integer> sentinelPorts = new ArrayList<>();
    private final List<Path> folders = new ArrayList<>();

    /**
     * @param replicas at least 1
     * @param downAfter silence after which a Sentinel takes the primary for gone
     */
    public EmbeddedRedisSentinel(int replicas, Duration downAfter) {
        if (replicas < 1) {
            throw new IllegalArgumentException("without a replica there is nothing to promote");
        }
        this.replicas = replicas;
        this.downAfter = downAfter;
    }

    /**
     * Starts all of them and waits until the Sentinels know the replicas, 20 s at most. Call once.
     *
     * @throws EmbeddedException if they don't
     */
    public void start() {
        try {
            EmbeddedRedis primary = add(EmbeddedRedisSettings.inMemory());
            for (int i = 0; i < replicas; i++) {
                add(
                        EmbeddedRedisSettings.inMemory()
                                .with("--replicaof", "127.0.0.1 " + primary.port()));
            }
            for (int i = 0; i < SENTINELS; i++) {
                startSentinel(primary.port());
            }
            for (int port : sentinelPorts) {
                await(port);
            }
        } catch (IOException e) {
            throw new EmbeddedException("can't start Redis with Sentinels: " + e.getMessage(), e);
        }
    }

    /** The primary of the start, then the replicas; who is what changes with each failover. */
    public List<EmbeddedRedis> nodes() {
        return List.copyOf(nodes);
    }

    /** Whoever is the primary now, as the Sentinels say. */
    public EmbeddedRedis primary() {
        try (RedisWire wire = RedisWire.connect(sentinelPorts.getFirst())) {
            Object answer = wire.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", GROUP);
            int port =
                    Integer.parseInt(
                            String.valueOf(((List<?>) Objects.requireNonNull(answer)).get(1)));
            return nodes.stream().filter(node -> node.port() == port).findFirst().orElseThrow();
        } catch (IOException e) {
            throw new EmbeddedException("the Sentinel does not answer: " + e.getMessage(), e);
        }
    }

    /** {@code redis-sentinel://…}, naming all Sentinels or the first only. */
    public String uri(boolean all) {
        List<String> hosts = sentinelPorts.stream().map(port -> "127.0.0.1:" + port).toList();
        return "redis-sentinel://"
                + (all ? String.join(",", hosts) : hosts.getFirst())
                + "/0#"
                + GROUP;
    }

    /** Stops all; nothing is kept. */
    @Override
    public void close() {
        sentinels.forEach(Process::destroyForcibly);
        nodes.forEach(EmbeddedRedis::close);
        folders.forEach(TempDirs::delete);
    }

    private EmbeddedRedis add(EmbeddedRedisSettings settings) {
        EmbeddedRedis node = new EmbeddedRedis(settings.with("--repl-diskless-sync-delay", "0"));
        nodes.add(node);
        node.start();
        return node;
    }

    private void startSentinel(int primaryPort) throws IOException {
        int port = FreePorts.take(1).getFirst();
        Path dir = TempDirs.create("pushgate-sentinel");
        folders.add(dir);
        // Sentinels write what they learn into their configuration, so it has to be a file.
        Path configuration = dir.resolve("sentinel.conf");
        Files.writeString(
                configuration,
                """
                port %d
                bind 127.0.0.1
                dir %s
                sentinel monitor %s 127.0.0.1 %d 2
                sentinel down-after-milliseconds %s %d
                sentinel failover-timeout %s 6000
                """
                        .formatted(
                                port, dir, GROUP, primaryPort, GROUP, downAfter.toMillis(), GROUP));
        Process process =
                RedisProcess.launch(
                        List.of(configuration.toString(), "--sentinel"),
                        dir,
                        dir.resolve("sentinel.log"));
        sentinels.add(process);
        sentinelPorts.add(port);
        if (!RedisProcess.awaitReady(process, port, TIMEOUT)) {
            throw new IOException(
                    "a Sentinel did not start: "
                            + RedisProcess.reason(dir.resolve("sentinel.log")));
        }
    }

    private void await(int port) throws IOException {
        String wanted = "slaves=" + replicas + ",sentinels=" + SENTINELS;
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        try (RedisWire wire = RedisWire.connect(port)) {
            while (!String.valueOf(wire.call("INFO", "sentinel")).contains(wanted)) {
                if (System.nanoTime() > deadline) {
                    throw new IOException("the Sentinels do not find each other");
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
