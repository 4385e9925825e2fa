package io.pushgate.faults;

import io.pushgate.faults.scenario.Scene;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How long faults held up the messages of the devices they concerned: per fault and device the
 * longest time from the fault, or from publishing where that was later, to the hand-over.
 *
 * @param p50Nanos the median over faults and devices, -1 where there is none
 * @param maxNanos the longest, -1 where there is none
 * @param broken bounds that were passed, one line each
 * @param notes one line for each fault
 */
record Recovery(long p50Nanos, long maxNanos, List<String> broken, List<String> notes) {
    /** A fault's effects are looked for up to the next one, but not longer than this. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    static Recovery of(Scene scene, boolean bounded) {
        List<String> broken = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        List<Scene.Fault> faults = scene.faults();
        long[] all = new long[0];
        for (int i = 0; i < faults.size(); i++) {
            Scene.Fault fault = faults.get(i);
            long until = fault.nanos() + LONGEST.toNanos();
            if (i + 1 < faults.size()) {
                until = Math.min(until, faults.get(i + 1).nanos());
            }
            long[] held = scene.account().heldUp(fault.nanos(), until, fault.devices());
            if (held.length == 0) {
                continue;
            }
            long max = held[held.length - 1];
            notes.add(
                    "%s: %d devices, held up %s p50, %s max%s"
                            .formatted(
                                    fault.what(),
                                    held.length,
                                    seconds(held[held.length / 2]),
                                    seconds(max),
                                    fault.bound() == null
                                            ? ""
                                            : ", bound " + seconds(fault.bound().toNanos())));
            if (bounded && fault.bound() != null && max > fault.bound().toNanos()) {
                broken.add(
                        "%s held a message up for %s, and %s is the bound"
                                .formatted(
                                        fault.what(),
                                        seconds(max),
                                        seconds(fault.bound().toNanos())));
            }
            int before = all.length;
            all = Arrays.copyOf(all, before + held.length);
            System.arraycopy(held, 0, all, before, held.length);
        }
        Arrays.sort(all);
        return new Recovery(
                all.length == 0 ? -1 : all[all.length / 2],
                all.length == 0 ? -1 : all[all.length - 1],
                broken,
                notes);
    }

    static String seconds(long nanos) {
        return nanos < 0 ? "–" : String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
    }
}
