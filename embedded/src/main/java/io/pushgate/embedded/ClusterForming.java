package io.pushgate.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The steps that {@code redis-cli --cluster create} takes, for nodes on 127.0.0.1. */
record ClusterForming(List<Integer> ports, Duration timeout) {
    private interface Condition {
        boolean holds(RedisWire wire) throws IOException;
    }

    void giveSlots(int primaries, int slots) throws IOException {
        for (int i = 0; i < primaries; i++) {
            int first = slots * i / primaries;
            int last = slots * (i + 1) / primaries - 1;
            call(
                    ports.get(i),
                    "CLUSTER",
                    "ADDSLOTSRANGE",
                    Integer.toString(first),
                    Integer.toString(last));
            // Equal epochs would have to be sorted out by collision handling, which takes its time.
            call(ports.get(i), "CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
        }
    }

    void meet() throws IOException {
        int first = ports.getFirst();
        for (int port : ports.subList(1, ports.size())) {
            call(first, "CLUSTER", "MEET", "127.0.0.1", Integer.toString(port), busPort(port));
        }
    }

    void awaitKnown() throws IOException {
        String known = "cluster_known_nodes:" + ports.size() + "\r\n";
        for (int port : ports) {
            await(
                    port,
                    wire ->
                            info(wire, "CLUSTER", "INFO").contains(known)
                                    && !nodes(wire).contains("handshake"));
        }
    }

    void addReplicas(int primaries) throws IOException {
        for (int i = primaries; i < ports.size(); i++) {
            String primary = call(ports.get(i % primaries), "CLUSTER", "MYID");
            call(ports.get(i), "CLUSTER", "REPLICATE", primary);
        }
        for (int i = primaries; i < ports.size(); i++) {
            await(
                    ports.get(i),
                    wire -> info(wire, "INFO", "replication").contains("master_link_status:up"));
        }
    }

    void awaitOk() throws IOException {
        int replicas = replicas();
        for (int port : ports) {
            await(
                    port,
                    wire ->
                            info(wire, "CLUSTER", "INFO").contains("cluster_state:ok")
                                    && nodes(wire)
                                                    .lines()
                                                    .filter(node -> node.contains("slave"))
                                                    .count()
                                            == replicas);
        }
    }

    private int replicas() throws IOException {
        int replicas = 0;
        for (int port : ports) {
            try (RedisWire wire = RedisWire.connect(port)) {
                replicas += info(wire, "INFO", "replication").contains("role:slave") ? 1 : 0;
            }
        }
        return replicas;
    }

    private void await(int port, Condition condition) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        try (RedisWire wire = RedisWire.connect(port)) {
            while (!condition.holds(wire)) {
                if (System.nanoTime() > deadline) {
                    throw new IOException("node " + port + " does not agree: " + nodes(wire));
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static String busPort(int port) throws IOException {
        try (RedisWire wire = RedisWire.connect(port)) {
            List<?> answer =
                    (List<?>) Objects.requireNonNull(wire.call("CONFIG", "GET", "cluster-port"));
            return String.valueOf(answer.get(1));
        }
    }

    private static String nodes(RedisWire wire) throws IOException {
        return info(wire, "CLUSTER", "NODES");
    }

    private static String info(RedisWire wire, String... command) throws IOException {
        return String.valueOf(wire.call(command));
    }

    private static String call(int port, String... command) throws IOException {
        try (RedisWire wire = RedisWire.connect(port)) {
            return String.valueOf(wire.call(command));
        }
    }
}
