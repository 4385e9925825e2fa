package io.pushgate.faults.scenario;

import io.pushgate.embedded.EmbeddedRedis;
import io.pushgate.faults.cluster.Kind;
import io.pushgate.faults.cluster.RoleProc;

import java.time.Duration;
import java.util.List;

/**
 * {@code kill -9} when it hurts most: purgers and dispatchers in a burst, with messages offered or
 * published whose offsets are not committed; access nodes with pushes out whose acks can't reach
 * Redis, which is frozen for the moment.
 */
public final class WorstMoment implements Scenario {
    private static final int BURST = 400;

    /** For the JVMs that take over, as nobody is left: two start at once on a busy machine. */
    private static final Duration STARTS = Duration.ofSeconds(12);

    /** Seconds between the bursts: beyond the bound, so that none hides what the last one did. */
    private static final int GAP = 24;

    private final Kind kind;

    public WorstMoment(Kind kind) {
        this.kind = kind;
    }

    @Override
    public String name() {
        return "worst-moment-" + kind.command();
    }

    @Override
    public String summary() {
        return switch (kind) {
            case ACCESS ->
                    "kill -9 of an access node after the push and before the ack is in Redis";
            default ->
                    "kill -9 of every "
                            + kind.command()
                            + " in a burst, before offsets are committed";
        };
    }

    @Override
    public boolean isMixable() {
        return true;
    }

    @Override
    public void plan(Plan plan) {
        int times = plan.isShort() ? 1 : 3;
        for (int i = 0; i < times; i++) {
            int index = plan.random().nextInt(kind.count());
            int after = plan.random().nextInt(120);
            plan.at(
                    plan.around(2 + i * GAP),
                    "burst, kill -9 after " + after + " ms",
                    scene -> {
                        if (kind == Kind.ACCESS) {
                            killBeforeAck(scene, scene.role(kind, index), after);
                        } else {
                            killAll(scene, scene.cluster().roles(kind), after);
                        }
                    });
            plan.at(
                    4 + i * GAP,
                    "start again",
                    scene -> scene.cluster().roles(kind).forEach(RoleProc::start));
        }
        plan.at(4 + times * GAP - (plan.isShort() ? 11 : 0), "look on", scene -> {});
    }

    private void killAll(Scene scene, List<RoleProc> roles, int after) throws InterruptedException {
        burst(scene);
        scene.sleep(Duration.ofMillis(after));
        scene.fault(name(), Bounds.afterDeath(kind).plus(STARTS));
        roles.forEach(role -> role.proc().kill9());
    }

    private static void killBeforeAck(Scene scene, RoleProc access, int after)
            throws InterruptedException {
        EmbeddedRedis redis = scene.cluster().redis().nodes().getFirst();
        burst(scene);
        scene.sleep(Duration.ofMillis(after));
        scene.faultOf(access, Bounds.afterDeath(Kind.ACCESS));
        redis.pause();
        try {
            scene.sleep(Duration.ofMillis(300));
            access.proc().kill9();
        } finally {
            redis.resume();
        }
    }

    private static void burst(Scene scene) {
        int devices = scene.devices().count();
        for (int i = 0; i < BURST; i++) {
            scene.publisher().send(i % devices);
        }
    }
}
