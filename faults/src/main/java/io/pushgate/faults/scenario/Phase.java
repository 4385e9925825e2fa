package io.pushgate.faults.scenario;

import io.pushgate.faults.process.CpuTime;

import java.time.Duration;
import java.util.function.IntPredicate;

/**
 * A stretch of a scenario whose latencies are compared with those of another; by the thread of the
 * plan.
 */
final class Phase {
    private static final CpuTime NONE = new CpuTime(0, 0);

    private long from;
    private long until;
    private CpuTime atBegin = NONE;
    private CpuTime atEnd = NONE;

    void begin() {
        from = System.nanoTime();
        atBegin = CpuTime.now();
    }

    void end() {
        until = System.nanoTime();
        atEnd = CpuTime.now();
    }

    /** From now on for so long, in which nothing is done. */
    void last(Scene scene, int seconds) throws InterruptedException {
        begin();
        scene.sleep(Duration.ofSeconds(seconds));
        end();
    }

    double seconds() {
        return (until - from) / 1e9;
    }

    /** The share of the processors' time that nobody had a use for, 0 to 1. */
    double idle() {
        return atEnd.idleSince(atBegin);
    }

    /** Of what was published in it, from publishing to the hand-over, milliseconds. */
    double p99(Scene scene, IntPredicate devices) {
        long[] sorted = scene.account().latencies(from, until, devices);
        return sorted.length == 0 ? 0 : sorted[(int) (sorted.length * 0.99)] / 1e6;
    }
}
