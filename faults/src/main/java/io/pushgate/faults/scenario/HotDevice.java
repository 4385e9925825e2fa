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
        Phase before = new Phase();
        Phase hot = new Phase();
        Phase control = new Phase();
        Phase after = new Phase();
        double at = 2;
        plan.at(at, "measure quiet devices", scene -> before.begin());
        at += seconds;
        plan.at(
                at,
                perSecond + " messages a second to device " + HOT,
                scene -> {
                    before.end();
                    flood(scene, hot, perSecond, seconds, _ -> HOT);
                });
        at += seconds + CALM_SECONDS;
        plan.at(
                at,
                perSecond + " messages a second to all devices in turn",
                scene -> {
                    int devices = scene.devices().count();
                    flood(scene, control, perSecond, seconds, i -> i % devices);
                });
        at += seconds + CALM_SECONDS;
        plan.at(at, "measure quiet devices again", scene -> after.begin());
        at += seconds;
        plan.at(at, "nothing more", scene -> after.end());
        plan.at(
                at + CALM_SECONDS,
                "compare",
                scene -> compare(scene, before, hot, control, after, plan.isShort()));
    }

    private static boolean isQuiet(int device) {
        return device != HOT;
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

    /** Against the better of what was before, when the JVMs were colder, and of what was after. */
    private static void compare(
            Scene scene, Phase before, Phase hot, Phase control, Phase after, boolean isShort) {
        scene.note(
                String.format(
                        Locale.ROOT,
                        "p99 of quiet devices %.1f ms before and %.1f ms after both; of the hot one"
                                + " %.1f ms; idle %s before, %s hot, %s control",
                        before.p99(scene, HotDevice::isQuiet),
                        after.p99(scene, HotDevice::isQuiet),
                        hot.p99(scene, device -> device == HOT),
                        Fairness.percent(before.idle()),
                        Fairness.percent(hot.idle()),
                        Fairness.percent(control.idle())));
        Fairness fairness =
                new Fairness(
                        Math.min(
                                before.p99(scene, HotDevice::isQuiet),
                                after.p99(scene, HotDevice::isQuiet)),
                        control.p99(scene, HotDevice::isQuiet),
                        hot.p99(scene, HotDevice::isQuiet),
                        hot.idle());
        if (isShort) {
            scene.note(fairness.describe("quiet devices"));
        } else {
            fairness.tell(scene, "quiet devices");
        }
    }
}
