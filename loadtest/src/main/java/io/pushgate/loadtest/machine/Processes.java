package io.pushgate.loadtest.machine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Processes of this machine by name, as {@code /proc} shows them (proc_pid_stat(5)); none where
 * there is no such folder. Thread-safe.
 */
public final class Processes {
    private static final Path PROC = Path.of("/proc");

    /** USER_HZ is 100 on every Linux that Java runs on. */
    private static final long MICROS_PER_TICK = TimeUnit.MILLISECONDS.toMicros(10);

    private static final long BYTES_PER_PAGE = 4096;
    private static final int USER_TICKS = 11; // After the name, which may hold anything.
    private static final int SYSTEM_TICKS = 12;
    private static final int RSS_PAGES = 21;

    private static final Set<String> ROLES =
            Set.of("access-server", "purger", "dispatcher", "delayer", "console", "standalone");

    private final List<Watched> watched;
    private final Map<Long, ProcessUsage> last = new LinkedHashMap<>();

    /**
     * A process and what it is called; several may have the same name.
     *
     * @param name of its role
     */
    public record Watched(String name, long pid) {}

    public Processes(List<Watched> watched) {
        this.watched = List.copyOf(watched);
    }

    /** The gateway's processes, Redis and Kafka on this machine, by their command lines. */
    public static List<Watched> detect() {
        List<Watched> found = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path folder : folders) {
                long pid = Long.parseLong(String.valueOf(folder.getFileName()));
                nameOf(commandLine(folder)).ifPresent(name -> found.add(new Watched(name, pid)));
            }
        } catch (IOException e) {
            return List.of(); // No such folder: not on Linux.
        }
        return found;
    }

    /** What the process is, if it is one of ours. */
    static Optional<String> nameOf(List<String> command) {
        if (command.isEmpty()) {
            return Optional.empty();
        }
        String program = String.valueOf(Path.of(command.getFirst()).getFileName());
        if (program.startsWith("redis-server")) {
            return Optional.of("redis");
        }
        if (!program.equals("java")) {
            return Optional.empty();
        }
        for (int i = 1; i < command.size(); i++) {
            String argument = command.get(i);
            if (argument.equals("kafka.Kafka") || argument.contains("EmbeddedKafka")) {
                return Optional.of("kafka");
            }
            boolean ours =
                    argument.equals("io.pushgate.cli.Main") || argument.endsWith("/pushgate.jar");
            boolean isMain = ours && !command.get(i - 1).equals("-cp");
            if (isMain && i + 1 < command.size() && ROLES.contains(command.get(i + 1))) {
                return Optional.of(command.get(i + 1));
            }
        }
        return Optional.empty();
    }

    /** What each name has used; a process that is gone counts with what it had used by then. */
    public synchronized Map<String, ProcessUsage> usage() {
        Map<String, ProcessUsage> usage = new LinkedHashMap<>();
        for (Watched process : watched) {
            ProcessUsage now = read(process.pid());
            usage.merge(process.name(), now, ProcessUsage::plus);
        }
        return usage;
    }

    public List<Watched> watched() {
        return watched;
    }

    private ProcessUsage read(long pid) {
        try {
            ProcessUsage now = parse(Files.readString(PROC.resolve(pid + "/stat")));
            last.put(pid, now);
            return now;
        } catch (IOException e) {
            ProcessUsage before = last.getOrDefault(pid, ProcessUsage.NONE);
            return new ProcessUsage(before.cpuMicros(), 0, 0);
        }
    }

    /**
     * @throws IOException if it is no such line
     */
    static ProcessUsage parse(String stat) throws IOException {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        try {
            long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
            return new ProcessUsage(
                    ticks * MICROS_PER_TICK, Long.parseLong(fields[RSS_PAGES]) * BYTES_PER_PAGE, 1);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IOException("not a line of /proc/PID/stat: " + stat, e);
        }
    }

    private static List<String> commandLine(Path folder) {
        try {
            String line = new String(Files.readAllBytes(folder.resolve("cmdline")), UTF_8);
            return line.isEmpty() ? List.of() : List.of(line.split("\0", -1));
        } catch (IOException e) {
            return List.of(); // It is gone, or not ours to see.
        }
    }
}
