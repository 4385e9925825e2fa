package io.pushgate.faults.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The seeded schedule of one run: what happens when, counted from the start of publishing. The same
 * seed, scenario and shape make the same plan.
 */
public final class Plan {
    /** Does something to the cluster; runs on the one thread that carries out the plan. */
    @FunctionalInterface
    public interface Action {
        void run(Scene scene) throws InterruptedException;
    }

    /**
     * One thing that happens.
     *
     * @param at from the start of publishing; later where the step before takes longer
     */
    public record Step(Duration at, String what, Action action) {}

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final Shape shape;
    private final SplittableRandom random;
    private final List<Step> steps = new ArrayList<>();

    public Plan(long seed, String scenario, Shape shape) {
        this.shape = shape;
        this.random = new SplittableRandom(seed * GOLDEN ^ scenario.hashCode());
    }

    public Shape shape() {
        return shape;
    }

    public boolean isShort() {
        return shape.shortForm();
    }

    /** For what is decided while the plan is made; not for the steps. */
    public SplittableRandom random() {
        return random;
    }

    /** A random moment in the second that begins at {@code seconds}. */
    public Duration around(double seconds) {
        return Duration.ofMillis((long) (seconds * 1000) + random.nextInt(1000));
    }

    public void at(Duration at, String what, Action action) {
        steps.add(new Step(at, what, action));
    }

    public void at(double seconds, String what, Action action) {
        at(Duration.ofMillis((long) (seconds * 1000)), what, action);
    }

    /** By time. */
    public List<Step> steps() {
        return steps.stream().sorted(Comparator.comparing(Step::at)).toList();
    }
}
