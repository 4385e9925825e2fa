package io.pushgate.faults.scenario;

import io.pushgate.embedded.EmbeddedRedis;
import io.pushgate.faults.cluster.Redis;
import io.pushgate.faults.cluster.Topology;

import java.time.Duration;

/** The primary is killed, the Sentinels promote the replica; the newest writes may be gone. */
public final class SentinelFailover implements Scenario {
    private static final Duration PROMOTED_WITHIN = Duration.ofSeconds(20);

    @Override
    public String name() {
        return "sentinel-failover";
    }

    @Override
    public String summary() {
        return "kill -9 of the Redis primary under Sentinel: the replica takes over";
    }

    @Override
    public Topology topology() {
        return Topology.SENTINEL;
    }

    @Override
    public void plan(Plan plan) {
        plan.at(plan.around(4), "kill -9 the primary", SentinelFailover::failOver);
        plan.at(plan.isShort() ? 14 : 28, "look on", scene -> {});
    }

    private static void failOver(Scene scene) throws InterruptedException {
        if (!(scene.cluster().redis() instanceof Redis.Sentinel(var group))) {
            throw new IllegalStateException("not under Sentinel");
        }
        EmbeddedRedis primary = group.primary();
        // 2 s until it counts as down, an election, and the 2 s of the promise.
        scene.fault("primary killed", Duration.ofSeconds(10));
        long begun = System.nanoTime();
        primary.kill();
        while (group.primary() == primary
                && System.nanoTime() - begun < PROMOTED_WITHIN.toNanos()) {
            scene.sleep(Duration.ofMillis(20));
        }
        scene.note(
                "promoted after %d ms"
                        .formatted(Duration.ofNanos(System.nanoTime() - begun).toMillis()));
        scene.sleep(Duration.ofSeconds(3));
        primary.start();
    }
}
