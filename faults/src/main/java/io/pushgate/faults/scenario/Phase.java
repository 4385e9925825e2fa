package io.pushgate.faults.scenario;

import io.pushgate.faults.process.CpuTime;
import io.pushgate.loadtest.machine.StallWatch;
import io.pushgate.loadtest.machine.Stalls;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A stretch of a scenario whose latencies are compared with those of another, without the messages
 * that were under way while the whole machine stood still, see {@link Stalls}; by the thread of the
 * plan.
 */
final class Phase {
    private static final CpuTime NONE = new CpuTime(0, 0);

    private long from;
    private long until;
    private CpuTime atBegin = NONE;
    private CpuTime atEnd = NONE;
    private @Nullable StallWatch watch;
    private List<Stalls.Interval> stalls = List.of();

    /** Collects this process's garbage first, so that it does not in the midst of the phase. */
    void begin() {
        System.gc();
        watch = StallWatch.start();
        from = System.nanoTime();
        atBegin = CpuTime.now();
    }

    void end() {
        until = System.nanoTime();
        atEnd = CpuTime.now();
        if (watch != null) {
            watch.close();
            stalls = watch.intervals();
        }
    }

    /** From now on for so long, in which nothing is done. */
    void last(Scene scene, int seconds) throws InterruptedException {
        begin();
        scene.sleep(Duration.ofSeconds(seconds));
        end();
    }

    /** How often the machine stood still. */
    int stalls() {
        return stalls.size();
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
        long[] sorted = scene.account().latencies(from, until, devices, stalls);
        return sorted.length == 0 ? 0 : sorted[(int) (sorted.length * 0.99)] / 1e6;
    }
}
