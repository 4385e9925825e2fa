package io.pushgate.faults.scenario;

import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/**
 * The phases of a scenario that tells unfairness from load, see {@link Fairness}: with the hot
 * spot, under the same load without one, and without either, before and after. By the thread of the
 * plan.
 */
final class Comparison {
    final Phase before = new Phase();
    final Phase with = new Phase();
    final Phase control = new Phase();
    final Phase after = new Phase();
    private final String whose;
    private final String spot;
    private final IntPredicate devices;

    /**
     * @param whose the messages that are measured
     * @param spot what the hot spot is called
     * @param devices those whose messages are measured
     */
    Comparison(String whose, String spot, IntPredicate devices) {
        this.whose = whose;
        this.spot = spot;
        this.devices = devices;
    }

    /**
     * Has the roles run for so long that what is hot is compiled. More at once would only have
     * messages wait for the compilers: a dozen JVMs share what processors there are.
     */
    static void warmUp(Scene scene) throws InterruptedException {
        int devices = scene.devices().count();
        flood(scene, 300, 120, i -> i % devices);
        flood(scene, 1_000, 30, i -> i % devices);
        flood(scene, 2_000, 25, i -> i % devices);
    }

    /** Publishes at an even pace, on top of what is published anyway. */
    static void flood(Scene scene, int perSecond, int seconds, IntUnaryOperator deviceOf)
            throws InterruptedException {
        Pace pace = new Pace(perSecond);
        for (int i = 0; i < perSecond * seconds; i++) {
            pace.await(i);
            scene.publisher().send(deviceOf.applyAsInt(i));
        }
    }

    /**
     * Tells the scene the figures, and what was missed. What is without is the better of before,
     * when the JVMs were colder, and after.
     *
     * @param more a figure of the scenario's own
     * @param isShort whether it is too short for its bounds, so that nothing can be missed
     */
    void tell(Scene scene, String more, boolean isShort) {
        double p99Before = before.p99(scene, devices);
        double p99After = after.p99(scene, devices);
        scene.note(
                String.format(
                        Locale.ROOT,
                        "p99 of %s %.1f ms before and %.1f ms after both; %s;"
                                + " idle %s before, %s %s, %s control;"
                                + " %d stalls of the machine left out",
                        whose,
                        p99Before,
                        p99After,
                        more,
                        Fairness.percent(before.idle()),
                        Fairness.percent(with.idle()),
                        spot,
                        Fairness.percent(control.idle()),
                        before.stalls() + with.stalls() + control.stalls() + after.stalls()));
        Fairness fairness =
                new Fairness(
                        Math.min(p99Before, p99After),
                        control.p99(scene, devices),
                        with.p99(scene, devices),
                        with.idle());
        if (isShort) {
            scene.note(fairness.describe(whose));
        } else {
            fairness.tell(scene, whose);
        }
    }
}
