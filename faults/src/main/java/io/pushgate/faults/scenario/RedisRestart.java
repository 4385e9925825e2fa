package io.pushgate.faults.scenario;

import io.pushgate.embedded.EmbeddedRedis;

import java.time.Duration;

/** {@code kill -9} of Redis, and a start from its append-only file. */
public final class RedisRestart implements Scenario {
    private static final Duration AWAY = Duration.ofSeconds(3);

    @Override
    public String name() {
        return "restart-redis";
    }

    @Override
    public String summary() {
        return "kill -9 of Redis, down for 3 s, then up from its append-only file";
    }

    @Override
    public boolean isMixable() {
        return true;
    }

    @Override
    public void plan(Plan plan) {
        int times = plan.isShort() ? 1 : 2;
        for (int i = 0; i < times; i++) {
            plan.at(plan.around(3 + 14 * i), "kill -9 Redis for 3 s", RedisRestart::restart);
        }
        plan.at(3 + 14 * times - 4, "look on", scene -> {});
    }

    private static void restart(Scene scene) throws InterruptedException {
        EmbeddedRedis redis = scene.cluster().redis().nodes().getFirst();
        long begun = System.nanoTime();
        redis.kill();
        scene.sleep(AWAY);
        redis.start();
        // With what it took to read the file again.
        Duration away = Duration.ofNanos(System.nanoTime() - begun);
        scene.note("Redis answered again after %d ms".formatted(away.toMillis()));
        scene.faultAt("kill -9 Redis", begun, Bounds.afterRedis(away));
    }
}
