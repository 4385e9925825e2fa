package io.pushgate.faults.scenario;

import io.pushgate.embedded.EmbeddedRedis;
import io.pushgate.faults.cluster.Kind;
import io.pushgate.faults.cluster.Redis;
import io.pushgate.faults.proxy.Direction;

import java.time.Duration;

/**
 * The access nodes are subscribed and hear nothing: the connections of their subscriptions stand,
 * but nothing comes down them any more. With {@code cut}, Redis ends them once its output buffer
 * for a subscriber is full, as it does at 32 MB, here at 64 KB.
 */
public final class StarvedSubscription implements Scenario {
    private static final String DEFAULT_LIMIT = "pubsub 33554432 8388608 60";

    private final boolean cut;

    public StarvedSubscription(boolean cut) {
        this.cut = cut;
    }

    @Override
    public String name() {
        return cut ? "stalled-subscriber-cut" : "starved-subscription";
    }

    @Override
    public String summary() {
        return cut
                ? "access nodes stop reading their subscriptions until Redis cuts them"
                : "access nodes are subscribed and receive nothing: they notice and subscribe again";
    }

    @Override
    public boolean isMixable() {
        return true;
    }

    @Override
    public Shape shape(Shape asked) {
        return cut ? asked.withPayload(4_096) : asked;
    }

    @Override
    public void plan(Plan plan) {
        plan.at(plan.around(3), name(), this::starve);
        plan.at(
                plan.isShort() ? 14 : 20,
                "heal",
                scene -> {
                    scene.cluster().redisProxy(Kind.ACCESS).heal();
                    if (cut) {
                        limit(scene, DEFAULT_LIMIT);
                    }
                });
        plan.at(plan.isShort() ? 15 : 24, "look on", scene -> {});
    }

    private void starve(Scene scene) {
        if (cut) {
            limit(scene, "pubsub 65536 0 0");
        }
        // The delayer heals what is due, the probe what follows.
        scene.fault(name(), Duration.ofSeconds(10));
        long now = System.nanoTime();
        scene.cluster()
                .redisProxy(Kind.ACCESS)
                .stall(
                        Direction.DOWN,
                        link -> link.sinceNanos() - now < 0 && link.began("SUBSCRIBE"));
    }

    private static void limit(Scene scene, String limit) {
        EmbeddedRedis redis = scene.cluster().redis().nodes().getFirst();
        Redis.call(redis, "CONFIG", "SET", "client-output-buffer-limit", limit);
    }
}
