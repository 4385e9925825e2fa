package io.pushgate.faults.scenario;

import io.pushgate.faults.cluster.Kind;
import io.pushgate.faults.cluster.RoleProc;

import java.time.Duration;
import java.util.List;

/** All devices are on one access node, it dies, and they all come to the others at once. */
public final class ReconnectStorm implements Scenario {
    private static final int DEVICES = 5_000;
    private static final Duration BACK_WITHIN = Duration.ofSeconds(30);
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "reconnect-storm";
    }

    @Override
    public String summary() {
        return "every device is on one access node, which is killed: all reconnect at once";
    }

    @Override
    public Shape shape(Shape asked) {
        return asked.shortForm() ? asked : asked.withDevices(Math.max(asked.devices(), DEVICES));
    }

    @Override
    public void plan(Plan plan) {
        int victim = plan.random().nextInt(Kind.ACCESS.count());
        plan.at(1, "kill -9 all but " + Kind.ACCESS.nodeId(victim), scene -> gather(scene, victim));
        plan.at(2, "start them again", scene -> startOthers(scene, victim));
        plan.at(3, "kill -9 " + Kind.ACCESS.nodeId(victim), scene -> storm(scene, victim));
        plan.at(plan.isShort() ? 4 : 12, "look on", scene -> {});
    }

    private static void gather(Scene scene, int victim) throws InterruptedException {
        for (RoleProc role : others(scene, victim)) {
            role.proc().kill9();
        }
        int all = scene.devices().count();
        scene.expect(
                scene.devices().awaitConnected(all, BACK_WITHIN),
                "the one access node left has only " + scene.devices().connected() + " of " + all);
    }

    private static void startOthers(Scene scene, int victim) throws InterruptedException {
        List<RoleProc> others = others(scene, victim);
        others.forEach(RoleProc::start);
        for (RoleProc role : others) {
            role.awaitReady(READY_WITHIN);
        }
    }

    private static void storm(Scene scene, int victim) throws InterruptedException {
        int all = scene.devices().count();
        RoleProc role = scene.role(Kind.ACCESS, victim);
        scene.faultOf(role, Bounds.afterDeath(Kind.ACCESS).plusSeconds(all / 200));
        long begun = System.nanoTime();
        role.proc().kill9();
        scene.sleep(Duration.ofMillis(200));
        boolean back = scene.devices().awaitConnected(all * 99 / 100, BACK_WITHIN);
        scene.note(
                "%d of %d devices connected %d ms after the death"
                        .formatted(
                                scene.devices().connected(),
                                all,
                                Duration.ofNanos(System.nanoTime() - begun).toMillis()));
        scene.expect(back, "not every device came back within " + BACK_WITHIN.toSeconds() + " s");
        role.start();
    }

    private static List<RoleProc> others(Scene scene, int victim) {
        RoleProc kept = scene.role(Kind.ACCESS, victim);
        return scene.cluster().roles(Kind.ACCESS).stream().filter(role -> role != kept).toList();
    }
}
