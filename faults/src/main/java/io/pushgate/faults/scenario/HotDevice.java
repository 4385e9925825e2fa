package io.pushgate.faults.scenario;

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

    /** Between two phases, for what is still under way. */
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
    public void plan(Plan plan) {
        int seconds = plan.isShort() ? 4 : 10;
        int perSecond = plan.isShort() ? SHORT_PER_SECOND : PER_SECOND;
        Comparison phases = new Comparison("quiet devices", "hot", device -> device != HOT);
        double at = 2;
        plan.at(at, "measure quiet devices", scene -> phases.before.begin());
        at += seconds;
        plan.at(
                at,
                perSecond + " messages a second to device " + HOT,
                scene -> {
                    phases.before.end();
                    flood(scene, phases.with, perSecond, seconds, _ -> HOT);
                });
        at += seconds + CALM_SECONDS;
        plan.at(
                at,
                perSecond + " messages a second to all devices in turn",
                scene -> {
                    int devices = scene.devices().count();
                    flood(scene, phases.control, perSecond, seconds, i -> i % devices);
                });
        at += seconds + CALM_SECONDS;
        plan.at(at, "measure quiet devices again", scene -> phases.after.begin());
        at += seconds;
        plan.at(at, "nothing more", scene -> phases.after.end());
        plan.at(
                at + CALM_SECONDS,
                "compare",
                scene ->
                        phases.tell(
                                scene,
                                String.format(
                                        Locale.ROOT,
                                        "of the hot one %.1f ms",
                                        phases.with.p99(scene, device -> device == HOT)),
                                plan.isShort()));
    }

    private static void flood(
            Scene scene, Phase phase, int perSecond, int seconds, IntUnaryOperator deviceOf)
            throws InterruptedException {
        scene.sleep(Duration.ofSeconds(1));
        phase.begin();
        Pace pace = new Pace(perSecond);
        for (int i = 0; i < perSecond * seconds; i++) {
            pace.await(i);
            scene.publisher().send(deviceOf.applyAsInt(i));
        }
        phase.end();
    }
}
