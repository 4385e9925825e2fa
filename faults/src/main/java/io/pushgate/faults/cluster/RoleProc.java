package io.pushgate.faults.cluster;

import io.pushgate.faults.process.Jvm;
import io.pushgate.faults.process.Proc;
import io.pushgate.faults.process.Readiness;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One role in a JVM of its own, started as many times as it takes, always under the same address.
 */
public final class RoleProc implements AutoCloseable {
    private static final String MAIN = "io.pushgate.cli.Main";
    private static final long POLL_MILLIS = 100;

    private final Kind kind;
    private final String nodeId;
    private final int managementPort;
    private final Map<String, String> env;
    private final Path log;
    private final boolean optimized;
    private volatile Map<String, String> environment = Map.of();
    private volatile @Nullable Proc proc;

    /**
     * @param env the role's configuration, without its name and its management port
     * @param log shared by all of its starts
     * @param optimized see {@link Jvm#command}
     */
    RoleProc(
            Kind kind,
            String nodeId,
            int managementPort,
            Map<String, String> env,
            Path log,
            boolean optimized) {
        this.kind = kind;
        this.nodeId = nodeId;
        this.managementPort = managementPort;
        this.env = Map.copyOf(env);
        this.log = log;
        this.optimized = optimized;
    }

    public Kind kind() {
        return kind;
    }

    public String nodeId() {
        return nodeId;
    }

    public Path log() {
        return log;
    }

    public int managementPort() {
        return managementPort;
    }

    /** Starts it; returns before it is ready. Does nothing where it runs. */
    public synchronized void start() {
        if (isAlive()) {
            return;
        }
        List<String> arguments = new ArrayList<>(List.of(kind.command()));
        arguments.addAll(
                List.of(
                        "--node-id",
                        nodeId,
                        "--management-port",
                        Integer.toString(managementPort)));
        Map<String, String> all = new HashMap<>(env);
        all.putAll(environment);
        proc =
                Proc.start(
                        nodeId,
                        Jvm.command(kind.heapMegabytes(), optimized, MAIN, arguments),
                        all,
                        log);
    }

    /** What it has in its environment beside its configuration, from the next start on. */
    public void environment(Map<String, String> more) {
        environment = Map.copyOf(more);
    }

    /**
     * Waits until it says that it is ready.
     *
     * @throws IllegalStateException where it ends before, or does not get there in time
     */
    public void awaitReady(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (!Readiness.isReady(managementPort)) {
            if (!isAlive()) {
                throw new IllegalStateException(nodeId + " ended while it started; see " + log);
            }
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(
                        nodeId
                                + " is not ready after "
                                + atMost.toSeconds()
                                + " s: "
                                + Readiness.describe(managementPort));
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    public boolean isAlive() {
        Proc current = proc;
        return current != null && current.isAlive();
    }

    /**
     * Its newest process.
     *
     * @throws IllegalStateException where it was never started
     */
    public Proc proc() {
        Proc current = proc;
        if (current == null) {
            throw new IllegalStateException(nodeId + " was never started");
        }
        return current;
    }

    /** Kills it. */
    @Override
    public void close() {
        Proc current = proc;
        if (current != null) {
            current.close();
        }
    }

    @Override
    public String toString() {
        return nodeId;
    }
}
