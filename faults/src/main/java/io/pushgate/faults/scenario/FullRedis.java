package io.pushgate.faults.scenario;

import io.pushgate.embedded.EmbeddedRedis;
import io.pushgate.faults.cluster.Redis;

import java.time.Duration;

/** Redis reaches its memory limit (noeviction) and refuses writes, until somebody raises it. */
public final class FullRedis implements Scenario {
    private static final Duration FULL = Duration.ofSeconds(8);

    @Override
    public String name() {
        return "full-redis";
    }

    @Override
    public String summary() {
        return "Redis is full (maxmemory, noeviction) for 8 s";
    }

    @Override
    public boolean isMixable() {
        return true;
    }

    @Override
    public void plan(Plan plan) {
        plan.at(plan.around(3), "maxmemory 1mb for 8 s", FullRedis::fill);
        plan.at(plan.isShort() ? 14 : 22, "look on", scene -> {});
    }

    private static void fill(Scene scene) throws InterruptedException {
        EmbeddedRedis redis = scene.cluster().redis().nodes().getFirst();
        scene.fault("Redis is full", Bounds.afterRedis(FULL));
        Redis.call(redis, "CONFIG", "SET", "maxmemory", "1mb");
        try {
            scene.sleep(FULL);
        } finally {
            Redis.call(redis, "CONFIG", "SET", "maxmemory", "0");
        }
    }
}
