package io.pushgate.loadtest.run;

import io.pushgate.loadtest.control.Counts;
import io.pushgate.loadtest.machine.ProcessUsage;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was seen second by second, oldest first. */
public record Timeline(List<Second> seconds) {
    public Timeline {
        seconds = List.copyOf(seconds);
    }

    /**
     * One look.
     *
     * @param at seconds since the first message was due; below 0 before that
     * @param counts of all agents, as of their last reports
     * @param published messages that Kafka has
     * @param receipts deliveries with a final receipt
     * @param usage of the watched processes, by name
     */
    public record Second(
            double at,
            Counts counts,
            long published,
            long receipts,
            Map<String, ProcessUsage> usage) {
        public Second {
            usage = Map.copyOf(usage);
        }
    }

    /** Names of the watched processes. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        seconds.forEach(second -> names.addAll(second.usage().keySet()));
        return names;
    }

    /** Processors that a name's processes kept busy, between each second and the one before. */
    public List<Double> processors(String name) {
        List<Double> busy = new ArrayList<>();
        for (int i = 1; i < seconds.size(); i++) {
            Second before = seconds.get(i - 1);
            Second now = seconds.get(i);
            long micros = usage(now, name).cpuMicros() - usage(before, name).cpuMicros();
            busy.add(micros / 1e6 / Math.max(1e-3, now.at() - before.at()));
        }
        return busy;
    }

    private static ProcessUsage usage(Second second, String name) {
        return second.usage().getOrDefault(name, ProcessUsage.NONE);
    }
}
