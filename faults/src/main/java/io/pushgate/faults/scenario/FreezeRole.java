package io.pushgate.faults.scenario;

import io.pushgate.faults.cluster.Kind;
import io.pushgate.faults.cluster.RoleProc;

/**
 * SIGSTOP of a role for 20 s, then SIGCONT: the others take over, and the one that wakes must not
 * act on partitions, leases and sessions that it has lost. For those that read Kafka this is a
 * stall beyond {@code max.poll.interval} too.
 */
public final class FreezeRole implements Scenario {
    private static final int SECONDS = 20;
    private static final int SHORT_SECONDS = 12;

    private final Kind kind;

    public FreezeRole(Kind kind) {
        this.kind = kind;
    }

    @Override
    public String name() {
        return "freeze-" + kind.command();
    }

    @Override
    public String summary() {
        return "SIGSTOP of one " + kind.command() + " for 20 s, then SIGCONT";
    }

    @Override
    public boolean isMixable() {
        return true;
    }

    @Override
    public void plan(Plan plan) {
        int index = plan.random().nextInt(kind.count());
        int seconds = plan.isShort() ? SHORT_SECONDS : SECONDS;
        String node = kind.nodeId(index);
        plan.at(plan.around(2), "SIGSTOP " + node, scene -> freeze(scene, scene.role(kind, index)));
        plan.at(
                3 + seconds,
                "SIGCONT " + node,
                scene -> {
                    scene.fault("SIGCONT " + node, Bounds.afterFreeze(kind));
                    scene.role(kind, index).proc().cont();
                });
        plan.at(3 + seconds + 6, "look on", scene -> {});
    }

    private void freeze(Scene scene, RoleProc role) {
        if (kind == Kind.ACCESS) {
            scene.faultOf(role, Bounds.afterFreeze(kind));
        } else {
            scene.fault("SIGSTOP " + role, Bounds.afterFreeze(kind));
        }
        role.proc().stop();
    }
}
