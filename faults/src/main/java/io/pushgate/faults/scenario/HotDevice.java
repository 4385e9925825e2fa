package io.pushgate.faults.scenario;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

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
        int seconds = plan.isShort() ? 4 : 10;
        int perSecond = plan.isShort() ? SHORT_PER_SECOND : PER_SECOND;
        Span before = new Span();
        Span hot = new Span();
        Span after = new Span();
        double at = 2;
        plan.at(at, "measure quiet devices", scene -> before.begin());
        at += seconds;
        plan.at(
                at,
                perSecond + " messages a second to device 0",
                scene -> {
                    before.end();
                    scene.sleep(Duration.ofSeconds(1));
                    hot.begin();
                    flood(scene, perSecond, seconds);
                    hot.end();
                });
        at += 1 + seconds + 3;
        plan.at(at, "measure quiet devices again", scene -> after.begin());
        at += seconds;
        plan.at(at, "nothing more", scene -> after.end());
        plan.at(at + 3, "compare", scene -> compare(scene, before, hot, after, plan.isShort()));
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

    /** Against the better of what was before, when the JVMs were colder, and of what was after. */
    private static void compare(Scene scene, Span before, Span hot, Span after, boolean isShort) {
        double quietBefore = before.p99(scene, d -> d != 0);
        double quietAfter = after.p99(scene, d -> d != 0);
        double with = hot.p99(scene, d -> d != 0);
        scene.note(
                String.format(
                        Locale.ROOT,
                        "p99 of quiet devices %.1f ms before, %.1f ms with and %.1f ms after the hot"
                                + " one, whose own is %.1f ms",
                        quietBefore,
                        with,
                        quietAfter,
                        hot.p99(scene, d -> d == 0)));
        double without = Math.min(quietBefore, quietAfter);
        scene.expect(
                isShort || with <= MAX_FACTOR * Math.max(without, FLOOR_MILLIS),
                String.format(
                        Locale.ROOT,
                        "the p99 of quiet devices went from %.1f to %.1f ms",
                        without,
                        with));
    }

    /** A stretch of time; begun and ended by the thread of the plan. */
    private static final class Span {
        private long from;
        private long until;

        void begin() {
            from = System.nanoTime();
        }

        void end() {
            until = System.nanoTime();
        }

        /** Of what was published in it, from publishing to the hand-over, milliseconds. */
        double p99(Scene scene, IntPredicate devices) {
            long[] sorted = scene.account().latencies(from, until, devices);
            return sorted.length == 0 ? 0 : sorted[(int) (sorted.length * 0.99)] / 1e6;
        }
    }
}
