package io.pushgate.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Launches {@code redis-server} under its watchdog and finds out whether it came up. */
final class RedisProcess {
    private static final int LOG_LINES = 40;

    private RedisProcess() {}

    /**
     * The returned process is Redis itself (the shell replaces itself by it); its output goes to
     * {@code log}.
     */
    static Process launch(List<String> arguments, Path dir, Path log) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("/bin/sh", "-c", watchdog(), "redis-watchdog"));
        command.add(RedisBinary.path().toString());
        command.addAll(arguments);
        Files.deleteIfExists(log);
        return new ProcessBuilder(command)
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /** False if it ended or didn't answer in time. */
    static boolean awaitReady(Process process, int port, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            while (System.nanoTime() < deadline && !process.waitFor(10, TimeUnit.MILLISECONDS)) {
                if (answers(process, port)) {
                    return true;
                }
            }
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedException("interrupted while Redis started", e);
        }
    }

    /**
     * Sends it a signal that Java has no method for; a process that is gone by now is no mistake.
     */
    static void signal(long pid, String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new EmbeddedException("can't send " + signal + " to Redis: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Why it didn't come up, from its log: one line. */
    static String reason(Path log) {
        List<String> lines = TempDirs.tail(log, LOG_LINES);
        if (lines.stream().anyMatch(line -> line.contains("FATAL CONFIG"))) {
            return String.join(" ", lines).strip();
        }
        return lines.reversed().stream()
                .filter(line -> line.contains(" # ") && !line.contains("WARNING"))
                .map(line -> line.substring(line.indexOf(" # ") + 3))
                .findFirst()
                .orElse("see " + log);
    }

    /** Whether our process answers there: a stranger on the same port would say PONG, too. */
    private static boolean answers(Process process, int port) {
        try (RedisWire wire = RedisWire.connect(port)) {
            return "PONG".equals(wire.call("PING"))
                    && wire.call("INFO", "server") instanceof String info
                    && info.contains("process_id:" + process.pid() + "\r\n");
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Without its comments, which would show in every list of processes. */
    private static String watchdog() throws IOException {
        try (InputStream in = RedisProcess.class.getResourceAsStream("redis-watchdog.sh")) {
            if (in == null) {
                throw new IOException("redis-watchdog.sh is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.joining("\n"));
        }
    }
}
