package io.pushgate.loadtest.run;

import io.pushgate.loadtest.machine.ProcessUsage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the processes of one name have used while messages were published, or connections held.
 *
 * @param processors kept busy, on average
 * @param cpuMicrosPerMessage 0 where none was delivered
 * @param rssBytes at the end
 * @param rssGrowthBytes since before the first connection
 */
public record Cost(
        String name,
        int processes,
        double processors,
        double cpuMicrosPerMessage,
        long rssBytes,
        long rssGrowthBytes) {

    /** The load generator itself, where it is on this machine. */
    public static final String GENERATOR = "load generator";

    public boolean isGenerator() {
        return name.equals(GENERATOR);
    }

    /**
     * @param baseline before the first connection
     * @param from when the first message was due
     * @param to when the last one was sent
     * @param delivered in between
     */
    public static List<Cost> between(
            Map<String, ProcessUsage> baseline,
            Map<String, ProcessUsage> from,
            Map<String, ProcessUsage> to,
            double seconds,
            long delivered) {
        List<Cost> costs = new ArrayList<>();
        to.forEach(
                (name, end) -> {
                    ProcessUsage begin = from.getOrDefault(name, ProcessUsage.NONE);
                    ProcessUsage first = baseline.getOrDefault(name, ProcessUsage.NONE);
                    double micros = end.cpuMicros() - begin.cpuMicros();
                    costs.add(
                            new Cost(
                                    name,
                                    end.processes(),
                                    seconds <= 0 ? 0 : micros / 1e6 / seconds,
                                    delivered == 0 ? 0 : micros / delivered,
                                    end.rssBytes(),
                                    end.rssBytes() - first.rssBytes()));
                });
        return costs;
    }
}
