package io.pushgate.faults.scenario;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/** One device gets 2,000 messages a second; the p99 of the others may at most double. */
public final class HotDevice implements Scenario {
    private static final int PER_SECOND = 2_000;
    private static final int SHORT_PER_SECOND = 500;
    private static final double MAX_FACTOR = 2;

    /** Below it the scheduler of a machine with two cores is what is measured. */
    private static final double FLOOR_MILLIS = 25;

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
        AtomicLongArray marks = new AtomicLongArray(4);
        int seconds = plan.isShort() ? 4 : 10;
        int perSecond = plan.isShort() ? SHORT_PER_SECOND : PER_SECOND;
        plan.at(2, "measure quiet devices", scene -> marks.set(0, System.nanoTime()));
        plan.at(
                2 + seconds,
                perSecond + " messages a second to device 0",
                scene -> {
                    marks.set(1, System.nanoTime());
                    scene.sleep(Duration.ofSeconds(1));
                    marks.set(2, System.nanoTime());
                    flood(scene, perSecond, seconds);
                    marks.set(3, System.nanoTime());
                });
        plan.at(3 + 2 * seconds + 3, "compare", scene -> compare(scene, marks, plan.isShort()));
    }

    private static void flood(Scene scene, int perSecond, int seconds) throws InterruptedException {
        long start = System.nanoTime();
        int all = perSecond * seconds;
        for (int i = 0; i < all; i++) {
            long due = start + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
            if (due - System.nanoTime() > 1_000_000) {
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            }
            scene.publisher().send(0);
        }
    }

    private static void compare(Scene scene, AtomicLongArray marks, boolean isShort) {
        double quiet = p99(scene.account().latencies(marks.get(0), marks.get(1), d -> d != 0));
        double hot = p99(scene.account().latencies(marks.get(2), marks.get(3), d -> d != 0));
        double own = p99(scene.account().latencies(marks.get(2), marks.get(3), d -> d == 0));
        scene.note(
                String.format(
                        Locale.ROOT,
                        "p99 of quiet devices %.1f ms without and %.1f ms with the hot one, whose own is %.1f ms",
                        quiet,
                        hot,
                        own));
        scene.expect(
                isShort || hot <= MAX_FACTOR * Math.max(quiet, FLOOR_MILLIS),
                String.format(
                        Locale.ROOT,
                        "the p99 of quiet devices went from %.1f to %.1f ms",
                        quiet,
                        hot));
    }

    private static double p99(long[] sorted) {
        return sorted.length == 0 ? 0 : sorted[(int) (sorted.length * 0.99)] / 1e6;
    }
}
