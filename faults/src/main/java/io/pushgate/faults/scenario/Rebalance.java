package io.pushgate.faults.scenario;

import io.pushgate.faults.cluster.Kind;
import io.pushgate.faults.cluster.RoleProc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Purgers and dispatchers come and go while a burst runs: partitions move, again and again. */
public final class Rebalance implements Scenario {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final double BURST = 2;

    @Override
    public String name() {
        return "rebalance";
    }

    @Override
    public String summary() {
        return "extra purgers and dispatchers start, end and die in a burst of twice the load";
    }

    @Override
    public void plan(Plan plan) {
        double rate = plan.shape().rate();
        List<RoleProc> extras = new ArrayList<>();
        plan.at(2, "burst", scene -> scene.publisher().rate(BURST * rate));
        plan.at(
                2.5,
                "start extra purgers and dispatchers",
                scene -> {
                    scene.fault("two join", Bounds.afterDeath(Kind.PURGER));
                    extras.add(scene.own(scene.cluster().extra(Kind.PURGER)));
                    extras.add(scene.own(scene.cluster().extra(Kind.DISPATCHER)));
                    extras.forEach(RoleProc::start);
                });
        plan.at(3, "wait for them", scene -> awaitReady(extras));
        plan.at(
                plan.around(8),
                "SIGTERM both",
                scene -> {
                    scene.fault("two leave", Bounds.afterDeath(Kind.PURGER));
                    extras.forEach(role -> role.proc().term());
                    extras.forEach(role -> role.proc().await(Duration.ofSeconds(15)));
                });
        plan.at(9, "start both again", scene -> extras.forEach(RoleProc::start));
        plan.at(9.5, "wait for them", scene -> awaitReady(extras));
        plan.at(
                plan.around(11),
                "kill -9 both",
                scene -> {
                    scene.fault("two die", Bounds.afterDeath(Kind.PURGER));
                    extras.forEach(role -> role.proc().kill9());
                });
        plan.at(
                plan.isShort() ? 12 : 20,
                "end of the burst",
                scene -> scene.publisher().rate(rate));
        plan.at(plan.isShort() ? 18 : 28, "look on", scene -> {});
    }

    private static void awaitReady(List<RoleProc> roles) throws InterruptedException {
        for (RoleProc role : roles) {
            role.awaitReady(READY_WITHIN);
        }
    }
}
