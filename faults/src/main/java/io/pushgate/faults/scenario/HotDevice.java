package io.pushgate.faults.scenario;

import io.pushgate.faults.cluster.Topology;

import java.time.Duration;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/**
 * One device gets 2,000 messages a second; the p99 of the others may at most double. The same rate
 * spread over all devices is the control that tells load from unfairness. It comes after the hot
 * device, as JVMs that have run for longer are faster: that makes it the harder one to keep up
 * with.
 */
public final class HotDevice implements Scenario {
    private static final int PER_SECOND = 2_000;
    private static final int SHORT_PER_SECOND = 500;
    private static final int HOT = 0;

    /** Of all devices together: enough for a p99, and little beside what the hot one gets. */
    private static final int QUIET_PER_SECOND = 30;

    /** After a phase, for what is still under way. */
    private static final int CALM_SECONDS = 3;

    @Override
    public String name() {
        return "hot-device";
    }

    @Override
    public String summary() {
        return "one device gets 2,000 messages a second: the p99 of quiet ones at most doubles";
    }

    @Override
    public Topology topology() {
        return Topology.MEASURED;
    }

    @Override
    public Shape shape(Shape asked) {
        return asked.withRate(QUIET_PER_SECOND);
    }

    @Override
    public boolean isRestless() {
        return false;
    }

    @Override
    public void plan(Plan plan) {
        int seconds = plan.isShort() ? 4 : 20;
        int perSecond = plan.isShort() ? SHORT_PER_SECOND : PER_SECOND;
        Comparison phases = new Comparison("quiet devices", "hot", device -> device != HOT);
        if (!plan.isShort()) {
            plan.at(
                    1,
                    "warm up",
                    scene -> {
                        Comparison.warmUp(scene);
                        flood(scene, new Phase(), perSecond, seconds, _ -> HOT);
                    });
        }
        plan.at(2, "measure quiet devices", scene -> phases.before.last(scene, seconds));
        plan.at(
                3,
                perSecond + " messages a second to device " + HOT,
                scene -> flood(scene, phases.with, perSecond, seconds, _ -> HOT));
        plan.at(
                4,
                perSecond + " messages a second to all devices in turn",
                scene -> {
                    int devices = scene.devices().count();
                    flood(scene, phases.control, perSecond, seconds, i -> i % devices);
                });
        plan.at(
                5,
                "measure quiet devices again",
                scene -> {
                    phases.after.last(scene, seconds);
                    phases.tell(
                            scene,
                            String.format(
                                    Locale.ROOT,
                                    "of the hot one %.1f ms",
                                    phases.with.p99(scene, device -> device == HOT)),
                            plan.isShort());
                });
    }

    private static void flood(
            Scene scene, Phase phase, int perSecond, int seconds, IntUnaryOperator deviceOf)
            throws InterruptedException {
        phase.begin();
        Comparison.flood(scene, perSecond, seconds, deviceOf);
        phase.end();
        scene.sleep(Duration.ofSeconds(CALM_SECONDS));
    }
}
