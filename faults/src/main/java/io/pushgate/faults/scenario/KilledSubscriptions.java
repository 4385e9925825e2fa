package io.pushgate.faults.scenario;

import io.pushgate.faults.cluster.Redis;

import java.time.Duration;

/**
 * Redis ends the connections of all subscribers, again and again.
 *
 * <p>What is published while a node is away is published again within 0.7 s. Only what Redis has
 * counted as sent, into a connection that it was about to end, waits for the delayer: 1 s, and 2 s
 * more where the next cut takes the redelivery, too. The bound allows for two.
 */
public final class KilledSubscriptions implements Scenario {
    private static final int TIMES = 10;
    private static final Duration BOUND = Duration.ofSeconds(6);

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
                        scene.fault("CLIENT KILL", BOUND);
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
