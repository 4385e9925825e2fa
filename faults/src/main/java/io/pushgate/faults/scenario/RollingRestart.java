package io.pushgate.faults.scenario;

import io.pushgate.faults.cluster.Kind;
import io.pushgate.faults.cluster.RoleProc;
import io.pushgate.faults.cluster.Settings;
import io.pushgate.faults.load.Account;

import java.time.Duration;

/** Every process is told to end (SIGTERM), drains, and is started again, one after the other. */
public final class RollingRestart implements Scenario {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    /** What a process may take beyond its drain. */
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private static final double MAX_REPEATED = 0.01;

    @Override
    public String name() {
        return "rolling-restart";
    }

    @Override
    public String summary() {
        return "SIGTERM and start of every process, one after the other; 1% on the wire twice at most";
    }

    @Override
    public void plan(Plan plan) {
        double at = 2;
        for (Kind kind : Kind.values()) {
            int count = plan.isShort() ? 1 : kind.count();
            for (int i = 0; i < count; i++) {
                int index = i;
                plan.at(at, "restart " + kind.nodeId(i), scene -> restart(scene, kind, index));
                at += 0.1;
            }
        }
        plan.at(at, "count what was sent again", RollingRestart::judge);
    }

    private static void restart(Scene scene, Kind kind, int index) throws InterruptedException {
        RoleProc role = scene.role(kind, index);
        scene.fault("SIGTERM " + role, Bounds.afterDeath(kind));
        long begun = System.nanoTime();
        role.proc().term();
        boolean gone = role.proc().await(Settings.DRAIN.plus(CLOSING));
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        scene.expect(
                gone,
                role
                        + " did not end within its drain deadline of "
                        + Settings.DRAIN.toSeconds()
                        + " s");
        if (gone) {
            scene.note(
                    "%s drained in %d ms, exit code %d"
                            .formatted(role, took.toMillis(), role.proc().exitCode()));
            scene.expect(
                    role.proc().exitCode() == 0,
                    role + " ended with exit code " + role.proc().exitCode());
        } else {
            role.proc().kill9();
        }
        role.start();
        role.awaitReady(READY_WITHIN);
    }

    private static void judge(Scene scene) {
        Account.Totals totals = scene.account().totals();
        scene.expect(
                totals.repeated() <= MAX_REPEATED * totals.published(),
                "%d of %d messages were on the wire more than once, and 1%% is the bound"
                        .formatted(totals.repeated(), totals.published()));
    }
}
