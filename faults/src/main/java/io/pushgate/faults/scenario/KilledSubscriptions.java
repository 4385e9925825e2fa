package io.pushgate.faults.scenario;

import io.pushgate.faults.cluster.Redis;

import java.time.Duration;

/** Redis ends the connections of all subscribers, again and again. */
public final class KilledSubscriptions implements Scenario {
    private static final int TIMES = 10;

    @Override
    public String name() {
        return "kill-subscriptions";
    }

    @Override
    public String summary() {
        return "CLIENT KILL TYPE pubsub, ten times: messages in flight are lost by Redis, not by us";
    }

    @Override
    public boolean isMixable() {
        return true;
    }

    @Override
    public void plan(Plan plan) {
        int times = plan.isShort() ? TIMES / 2 : TIMES;
        for (int i = 0; i < times; i++) {
            plan.at(
                    plan.around(2 + i * 2),
                    "CLIENT KILL TYPE pubsub",
                    scene -> {
                        scene.fault("CLIENT KILL", Duration.ofSeconds(6));
                        Object killed =
                                Redis.call(
                                        scene.cluster().redis().nodes().getFirst(),
                                        "CLIENT",
                                        "KILL",
                                        "TYPE",
                                        "pubsub");
                        scene.note(killed + " subscribers killed");
                    });
        }
    }
}
