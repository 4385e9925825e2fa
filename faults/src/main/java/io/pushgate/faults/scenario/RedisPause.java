package io.pushgate.faults.scenario;

import io.pushgate.faults.cluster.Redis;

import java.time.Duration;

/** Redis answers nobody for a while, as during a slow command or a fork on a full machine. */
public final class RedisPause implements Scenario {
    private static final Duration AWAY = Duration.ofSeconds(6);

    @Override
    public String name() {
        return "pause-redis";
    }

    @Override
    public String summary() {
        return "CLIENT PAUSE of all for 6 s: longer than a request waits, and than a lease lasts";
    }

    @Override
    public boolean isMixable() {
        return true;
    }

    @Override
    public void plan(Plan plan) {
        plan.at(
                plan.around(3),
                "CLIENT PAUSE",
                scene -> {
                    scene.fault("CLIENT PAUSE", Bounds.afterRedis(AWAY));
                    Redis.call(
                            scene.cluster().redis().nodes().getFirst(),
                            "CLIENT",
                            "PAUSE",
                            Long.toString(AWAY.toMillis()),
                            "ALL");
                });
        plan.at(plan.isShort() ? 12 : 20, "look on", scene -> {});
    }
}
