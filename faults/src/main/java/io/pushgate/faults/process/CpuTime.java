package io.pushgate.faults.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What the processors of this machine have done since it started, by Linux's {@code /proc/stat}.
 *
 * @param idle time in which a processor had nothing to run, in ticks of all processors together
 * @param all all time, in the same ticks
 */
public record CpuTime(long idle, long all) {
    private static final Path STAT = Path.of("/proc/stat");

    /** Of the first line's columns: idle, and idle while a disk was waited for. */
    private static final int IDLE = 3;

    private static final int IO_WAIT = 4;

    /** What follows, guest and guest_nice, is part of user and nice. */
    private static final int COLUMNS = 8;

    /**
     * As it stands now; any thread.
     *
     * @throws UncheckedIOException where the kernel does not tell
     */
    public static CpuTime now() {
        try (Stream<String> lines = Files.lines(STAT)) {
            return parse(lines.findFirst().orElse(""));
        } catch (IOException e) {
            throw new UncheckedIOException("the load of the processors is not known", e);
        }
    }

    /** Of the line that begins with {@code cpu}. */
    static CpuTime parse(String line) {
        long[] ticks =
                Stream.of(line.trim().split(" +", -1))
                        .skip(1)
                        .limit(COLUMNS)
                        .mapToLong(Long::parseLong)
                        .toArray();
        return new CpuTime(ticks[IDLE] + ticks[IO_WAIT], LongStream.of(ticks).sum());
    }

    /** The share of the time since an earlier reading in which a processor was idle, 0 to 1. */
    public double idleSince(CpuTime earlier) {
        long passed = all - earlier.all;
        return passed <= 0 ? 0 : Math.clamp((double) (idle - earlier.idle) / passed, 0, 1);
    }
}
