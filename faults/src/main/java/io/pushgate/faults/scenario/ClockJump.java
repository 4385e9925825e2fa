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
 *
 * <p>Whoever consumes from Kafka may lose its partitions by it, and is held to the time that its
 * death would take, no less: Kafka's client measures by the clock that jumps. Ahead it finds that
 * it was not polled for longer than {@code max.poll.interval.ms} and leaves the group, then joins
 * again, which are two rebalances; back, it sends no heartbeats until the clock is where it was, so
 * that Kafka ends its session.
 */
public final class ClockJump implements Scenario {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    /** For those that join no group: nothing of theirs goes by the wall clock. */
    private static final Duration OWN_CLOCK = Duration.ofSeconds(5);

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

    private void jump(Scene scene, FakeTime time, Duration ahead, Duration stay)
            throws InterruptedException {
        scene.fault("clock " + ahead.toMinutes() + " min ahead", bound());
        time.jump(ahead);
        scene.sleep(stay);
    }

    private Duration bound() {
        return switch (kind) {
            case PURGER, DISPATCHER -> Bounds.afterDeath(kind);
            case DELAYER, ACCESS -> OWN_CLOCK;
        };
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
