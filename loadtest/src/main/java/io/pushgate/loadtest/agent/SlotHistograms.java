package io.pushgate.loadtest.agent;

import io.pushgate.loadtest.control.ControlMessage;
import io.pushgate.loadtest.control.Packed;

import org.HdrHistogram.Histogram;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The latencies of each slot since the last {@link #drain}. Belongs to one thread. */
final class SlotHistograms {
    private final Map<Integer, Pair> slots = new TreeMap<>();
    private final Deque<Pair> spare = new ArrayDeque<>();
    private int lastSlot = -1;
    private Pair last = new Pair();

    private static final class Pair {
        private final Histogram due = Packed.histogram();
        private final Histogram stored = Packed.histogram();
    }

    /**
     * @param dueMicros since the message was due
     * @param storedMicros since it was published
     */
    void record(int slot, long dueMicros, long storedMicros) {
        if (slot != lastSlot) {
            last = slots.computeIfAbsent(slot, _ -> spare.isEmpty() ? new Pair() : spare.pop());
            lastSlot = slot;
        }
        last.due.recordValue(Packed.clamp(dueMicros));
        last.stored.recordValue(Packed.clamp(storedMicros));
    }

    /** Takes everything out. */
    List<ControlMessage.Slot> drain() {
        List<ControlMessage.Slot> drained = new ArrayList<>();
        slots.forEach(
                (slot, pair) -> {
                    drained.add(
                            new ControlMessage.Slot(
                                    slot,
                                    Packed.histogram(pair.due),
                                    Packed.histogram(pair.stored)));
                    pair.due.reset();
                    pair.stored.reset();
                    spare.push(pair);
                });
        slots.clear();
        lastSlot = -1;
        return drained;
    }
}
