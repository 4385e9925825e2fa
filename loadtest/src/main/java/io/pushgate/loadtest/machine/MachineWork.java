package io.pushgate.loadtest.machine;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.StringTokenizer;
import java.util.concurrent.TimeUnit;

/**
 * What this machine's processors do: {@code /proc/stat} where there is one, else the time of this
 * process alone, which is less than the whole truth.
 */
final class MachineWork implements Stalls.Work {
    private static final Path STAT = Path.of("/proc/stat");

    /** USER_HZ is 100 on every Linux that Java runs on. */
    private static final long NANOS_PER_JIFFY = TimeUnit.MILLISECONDS.toNanos(10);

    private final List<GarbageCollectorMXBean> collectors =
            ManagementFactory.getGarbageCollectorMXBeans();
    private final boolean hasStat = Files.isReadable(STAT);

    @Override
    public long busyNanos() {
        if (hasStat) {
            try (var reader = Files.newBufferedReader(STAT)) {
                return busyOf(String.valueOf(reader.readLine()));
            } catch (IOException e) {
                return processNanos();
            }
        }
        return processNanos();
    }

    @Override
    public long collectorNanos() {
        long millis = 0;
        for (GarbageCollectorMXBean collector : collectors) {
            millis += Math.max(0, collector.getCollectionTime());
        }
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Override
    public int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** {@code cpu user nice system idle iowait irq softirq steal …}, see proc_stat(5). */
    static long busyOf(String line) {
        StringTokenizer fields = new StringTokenizer(line);
        long jiffies = 0;
        for (int i = 0; i <= 7 && fields.hasMoreTokens(); i++) {
            String field = fields.nextToken();
            boolean busy = i == 1 || i == 2 || i == 3 || i == 6 || i == 7;
            if (busy) {
                jiffies += Long.parseLong(field);
            }
        }
        return jiffies * NANOS_PER_JIFFY;
    }

    private static long processNanos() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        return system instanceof com.sun.management.OperatingSystemMXBean unix
                ? unix.getProcessCpuTime()
                : 0;
    }
}
