package io.pushgate.faults.scenario;

import io.pushgate.faults.cluster.Redis;
import io.pushgate.faults.cluster.Topology;

import java.io.UncheckedIOException;
import java.time.Duration;

/** {@code CLUSTER FAILOVER}, in good order and under load: slots and sharded channels move. */
public final class ClusterFailover implements Scenario {
    @Override
    public String name() {
        return "cluster-failover";
    }

    @Override
    public String summary() {
        return "CLUSTER FAILOVER of every shard of a Redis Cluster, under load";
    }

    @Override
    public Topology topology() {
        return Topology.CLUSTER;
    }

    @Override
    public void plan(Plan plan) {
        int times = plan.isShort() ? 2 : 6;
        for (int i = 0; i < times; i++) {
            int index = i;
            plan.at(plan.around(3 + i * 4), "CLUSTER FAILOVER", scene -> failOver(scene, index));
        }
        plan.at(3 + times * 4 + 2, "look on", scene -> {});
    }

    private static void failOver(Scene scene, int index) {
        if (!(scene.cluster().redis() instanceof Redis.Cluster cluster)) {
            throw new IllegalStateException("not a cluster");
        }
        var replicas = cluster.replicas();
        if (replicas.isEmpty()) {
            throw new IllegalStateException("the cluster has no replica");
        }
        scene.fault("CLUSTER FAILOVER", Duration.ofSeconds(6));
        try {
            Redis.call(replicas.get(index % replicas.size()), "CLUSTER", "FAILOVER");
        } catch (UncheckedIOException e) {
            scene.note("the failover was refused: " + e.getMessage());
        }
    }
}
