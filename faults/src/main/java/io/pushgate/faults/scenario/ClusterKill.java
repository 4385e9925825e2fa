package io.pushgate.faults.scenario;

import io.pushgate.embedded.EmbeddedRedis;
import io.pushgate.faults.cluster.Redis;
import io.pushgate.faults.cluster.Topology;

import java.time.Duration;
import java.util.List;

/**
 * A primary of a Redis Cluster is killed; its replica takes over, perhaps without the newest
 * writes.
 */
public final class ClusterKill implements Scenario {
    private static final Duration TAKEN_OVER_WITHIN = Duration.ofSeconds(20);

    @Override
    public String name() {
        return "cluster-primary-kill";
    }

    @Override
    public String summary() {
        return "kill -9 of a primary of a Redis Cluster: its replica takes over";
    }

    @Override
    public Topology topology() {
        return Topology.CLUSTER;
    }

    @Override
    public void plan(Plan plan) {
        int times = plan.isShort() ? 1 : 2;
        for (int i = 0; i < times; i++) {
            int index = plan.random().nextInt(3);
            plan.at(plan.around(4 + i * 15), "kill -9 a primary", scene -> kill(scene, index));
        }
        plan.at(plan.isShort() ? 14 : 32, "look on", scene -> {});
    }

    private static void kill(Scene scene, int index) throws InterruptedException {
        if (!(scene.cluster().redis() instanceof Redis.Cluster cluster)) {
            throw new IllegalStateException("not a cluster");
        }
        List<EmbeddedRedis> primaries = cluster.primaries();
        EmbeddedRedis victim = primaries.get(index % primaries.size());
        // 2 s until it counts as down, an election, and the 2 s of the promise.
        scene.fault("primary killed", Duration.ofSeconds(10));
        long begun = System.nanoTime();
        victim.kill();
        while (cluster.primaries().size() < primaries.size()
                && System.nanoTime() - begun < TAKEN_OVER_WITHIN.toNanos()) {
            scene.sleep(Duration.ofMillis(20));
        }
        scene.note(
                "taken over after %d ms"
                        .formatted(Duration.ofNanos(System.nanoTime() - begun).toMillis()));
        scene.sleep(Duration.ofSeconds(2));
        victim.start();
    }
}
