package io.pushgate.faults.scenario;

import io.pushgate.faults.cluster.Kind;
import io.pushgate.faults.cluster.RoleProc;
import io.pushgate.faults.cluster.Settings;

import java.util.List;

/** The whole gateway goes down the wrong way round: access nodes first; and comes up so, too. */
public final class WrongOrder implements Scenario {
    @Override
    public String name() {
        return "access-first";
    }

    @Override
    public String summary() {
        return "everything is told to end, access nodes first; then everything starts, purgers first";
    }

    @Override
    public void plan(Plan plan) {
        plan.at(plan.around(3), "SIGTERM every access node", scene -> end(scene, Kind.ACCESS));
        plan.at(9, "SIGTERM every delayer", scene -> end(scene, Kind.DELAYER));
        plan.at(9, "SIGTERM every dispatcher", scene -> end(scene, Kind.DISPATCHER));
        plan.at(10, "SIGTERM every purger", scene -> end(scene, Kind.PURGER));
        plan.at(
                13,
                "start all",
                scene -> {
                    scene.fault("everything was down", null);
                    scene.cluster().all().forEach(RoleProc::start);
                });
        plan.at(plan.isShort() ? 14 : 26, "look on", scene -> {});
    }

    private static void end(Scene scene, Kind kind) {
        List<RoleProc> roles = scene.cluster().roles(kind);
        roles.forEach(role -> role.proc().term());
        for (RoleProc role : roles) {
            if (!role.proc().await(Settings.DRAIN.plusSeconds(5))) {
                scene.expect(false, role + " did not end within its drain deadline");
                role.proc().kill9();
            }
        }
    }
}
