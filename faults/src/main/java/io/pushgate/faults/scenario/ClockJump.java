package io.pushgate.faults.scenario;

import io.pushgate.faults.cluster.Kind;
import io.pushgate.faults.cluster.RoleProc;
import io.pushgate.faults.process.DebianPackage;
import io.pushgate.faults.process.FakeTime;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The clock of one process jumps an hour ahead, then an hour back behind the true time. Nothing may
 * expire, be redelivered or be refused for it: the messages live half an hour.
 */
public final class ClockJump implements Scenario {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    private final Kind kind;

    public ClockJump(Kind kind) {
        this.kind = kind;
    }

    @Override
    public String name() {
        return "clock-jump-" + kind.command();
    }

    @Override
    public String summary() {
        return "the clock of one " + kind.command() + " jumps an hour ahead, then an hour behind";
    }

    @Override
    public List<DebianPackage> packages() {
        return List.of(DebianPackage.FAKETIME);
    }

    @Override
    public void plan(Plan plan) {
        int index = plan.random().nextInt(kind.count());
        String node = kind.nodeId(index);
        plan.at(
                1,
                "restart " + node + " with a clock of its own",
                scene -> {
                    FakeTime time = new FakeTime(scene.cluster().dir().resolve(node + ".time"));
                    restart(scene, scene.role(kind, index), time.env());
                    scene.own(() -> scene.role(kind, index).environment(Map.of()));
                    scene.sleep(Duration.ofSeconds(2));
                    jump(scene, time, HOUR, Duration.ofSeconds(8));
                    jump(scene, time, HOUR.negated(), Duration.ofSeconds(8));
                    jump(scene, time, Duration.ZERO, Duration.ofSeconds(3));
                    restart(scene, scene.role(kind, index), Map.of());
                });
    }

    private static void jump(Scene scene, FakeTime time, Duration ahead, Duration stay)
            throws InterruptedException {
        scene.fault("clock " + ahead.toMinutes() + " min ahead", Duration.ofSeconds(5));
        time.jump(ahead);
        scene.sleep(stay);
    }

    private static void restart(Scene scene, RoleProc role, Map<String, String> environment)
            throws InterruptedException {
        scene.fault("restart " + role, Bounds.afterDeath(role.kind()));
        role.proc().end(Duration.ofSeconds(20));
        role.environment(environment);
        role.start();
        role.awaitReady(READY_WITHIN);
    }
}
