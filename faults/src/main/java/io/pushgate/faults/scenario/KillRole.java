package io.pushgate.faults.scenario;

import io.pushgate.faults.cluster.Kind;
import io.pushgate.faults.cluster.RoleProc;

/** {@code kill -9} of a role, then of another one of the same kind once the first is back. */
public final class KillRole implements Scenario {
    private final Kind kind;

    public KillRole(Kind kind) {
        this.kind = kind;
    }

    @Override
    public String name() {
        return "kill-" + kind.command();
    }

    @Override
    public String summary() {
        return "kill -9 of one " + kind.command() + ", and of the next when it is back";
    }

    @Override
    public boolean isMixable() {
        return true;
    }

    @Override
    public void plan(Plan plan) {
        int first = plan.random().nextInt(kind.count());
        int kills = plan.isShort() ? 1 : 2;
        for (int i = 0; i < kills; i++) {
            int index = (first + i) % kind.count();
            double at = 2 + i * 14;
            plan.at(
                    plan.around(at),
                    "kill -9 " + kind.nodeId(index),
                    scene -> kill(scene, scene.role(kind, index)));
            plan.at(
                    plan.around(at + (plan.isShort() ? 5 : 9)),
                    "start " + kind.nodeId(index) + " again",
                    scene -> scene.role(kind, index).start());
        }
    }

    private void kill(Scene scene, RoleProc role) {
        if (kind == Kind.ACCESS) {
            scene.faultOf(role, Bounds.afterDeath(kind));
        } else {
            scene.fault("kill -9 " + role, Bounds.afterDeath(kind));
        }
        role.proc().kill9();
    }
}
