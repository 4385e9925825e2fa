package io.pushgate.loadtest.run;

import io.pushgate.loadtest.Latency;
import io.pushgate.loadtest.control.ControlMessage.Slot;
import io.pushgate.loadtest.control.Packed;
import io.pushgate.loadtest.control.Plan;
import io.pushgate.protocol.InvalidInputException;

import org.HdrHistogram.Histogram;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The latencies that agents have reported, packed as they came: a histogram of a minute's slots
 * would take tens of megabytes. Thread-safe.
 */
final class SlotStore {
    private static final int COARSE_DIGITS = 2;

    private final Map<Integer, List<Slot>> slots = new TreeMap<>();
    private Histogram recent = Packed.histogram();

    /**
     * Keeps it.
     *
     * @throws InvalidInputException if it is no histogram
     */
    synchronized void add(Slot slot) throws InvalidInputException {
        Histogram due = Packed.histogram(slot.due());
        var _ = Packed.histogram(slot.stored());
        recent.add(due);
        slots.computeIfAbsent(slot.slot(), _ -> new ArrayList<>()).add(slot);
    }

    /** Latency since the message was due, of all that came since the last call. */
    synchronized Latency sinceLast() {
        Latency latency = Latency.of(recent);
        recent.reset();
        return latency;
    }

    /**
     * Latencies of the whole run, and of each second. The quiet ones leave out every slot in which
     * a message was due or in flight while a machine stood still.
     */
    synchronized RunResult.Latencies summarize(List<RunResult.Stall> stalls) {
        Merged all = new Merged();
        Merged quiet = new Merged();
        Map<Integer, Histogram> seconds = new TreeMap<>();
        slots.forEach(
                (number, parts) -> {
                    Merged slot = Merged.of(parts);
                    all.add(slot);
                    double from = number * (Plan.SLOT_MICROS / 1e6);
                    double to = from + (Plan.SLOT_MICROS + slot.due.getMaxValue()) / 1e6;
                    if (stalls.stream().noneMatch(s -> s.from() <= to && s.to() >= from)) {
                        quiet.add(slot);
                    }
                    seconds.computeIfAbsent((int) from, _ -> coarse()).add(slot.due);
                });
        Map<Integer, Latency> bySecond = new TreeMap<>();
        seconds.forEach((second, histogram) -> bySecond.put(second, Latency.of(histogram)));
        return new RunResult.Latencies(
                Latency.of(all.due),
                Latency.of(quiet.due),
                Latency.of(all.stored),
                Latency.of(quiet.stored),
                bySecond);
    }

    /** There is one for each second. */
    private static Histogram coarse() {
        return new Histogram(Packed.MAX_MICROS, COARSE_DIGITS);
    }

    /** Both latencies of some messages. */
    static final class Merged {
        private final Histogram due = Packed.histogram();
        private final Histogram stored = Packed.histogram();

        static Merged of(List<Slot> slots) {
            Merged merged = new Merged();
            for (Slot slot : slots) {
                try {
                    merged.due.add(Packed.histogram(slot.due()));
                    merged.stored.add(Packed.histogram(slot.stored()));
                } catch (InvalidInputException e) {
                    throw new IllegalStateException("it was one when it came", e);
                }
            }
            return merged;
        }

        private void add(Merged other) {
            due.add(other.due);
            stored.add(other.stored);
        }
    }
}
