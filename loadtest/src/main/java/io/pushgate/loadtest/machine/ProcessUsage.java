package io.pushgate.loadtest.machine;

/**
 * What processes have used.
 *
 * @param cpuMicros user and system time since they began
 * @param rssBytes of memory now; pages that several share count for each
 * @param processes how many there are
 */
public record ProcessUsage(long cpuMicros, long rssBytes, int processes) {
    public static final ProcessUsage NONE = new ProcessUsage(0, 0, 0);

    public ProcessUsage plus(ProcessUsage other) {
        return new ProcessUsage(
                cpuMicros + other.cpuMicros,
                rssBytes + other.rssBytes,
                processes + other.processes);
    }
}
