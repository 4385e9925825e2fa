package io.pushgate.faults.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A child process that can be killed, frozen and told to end, and that is killed when this JVM is
 * gone, however that ended. Any thread.
 *
 * <p>It is started through a shell that leaves a watcher behind: the watcher reads a pipe from this
 * JVM and kills the child when the pipe breaks, frozen or not. Once the child is gone the watcher
 * is dismissed, so that it never hits another process with the same number.
 */
public final class Proc implements AutoCloseable {
    private static final Duration KILLED_WITHIN = Duration.ofSeconds(10);

    private static final String WATCHED =
            """
            exec 3<&0
            ( trap '' INT HUP QUIT TERM
              read -r _ <&3 || kill -KILL $$ ) >/dev/null 2>&1 &
            exec 3<&-
            exec "$@"
            """;

    private final String name;
    private final Process process;

    private Proc(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param name for people
     * @param env on top of this process' own environment
     * @param log its stdout and stderr are appended here
     */
    public static Proc start(String name, List<String> command, Map<String, String> env, Path log) {
        List<String> watched = new ArrayList<>(List.of("/bin/sh", "-c", WATCHED, "watched"));
        watched.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(watched)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(key -> key.startsWith("PUSHGATE_"));
        builder.environment().putAll(env);
        try {
            Process process = builder.start();
            var _ = process.onExit().thenAccept(Proc::dismissWatcher);
            return new Proc(name, process);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be started", e);
        }
    }

    private static void dismissWatcher(Process process) {
        try (OutputStream pipe = process.getOutputStream()) {
            pipe.write('\n');
        } catch (IOException e) {
            // The watcher is gone already.
        }
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Its exit code; 128 + the signal's number where one ended it. */
    public int exitCode() {
        return process.exitValue();
    }

    /** Ends it at once, and waits until it is gone. */
    public void kill9() {
        process.destroyForcibly();
        await(KILLED_WITHIN);
    }

    /** Asks it to end; returns at once. */
    public void term() {
        // Not Process.destroy(): that closes the pipe, and the watcher would kill.
        signal("TERM");
    }

    /** {@link #term}, and {@link #kill9} where that takes longer. */
    public void end(Duration atMost) {
        term();
        if (!await(atMost)) {
            kill9();
        }
    }

    /**
     * Waits until it is gone.
     *
     * @return whether it is
     */
    public boolean await(Duration atMost) {
        try {
            return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    /** Freezes it: its sockets stay open, nobody answers. */
    public void stop() {
        signal("STOP");
    }

    /** Lets it go on after {@link #stop}. */
    public void cont() {
        signal("CONT");
    }

    /** How many files it has open. */
    public int openFiles() {
        String[] files = Path.of("/proc", Long.toString(pid()), "fd").toFile().list();
        return files == null ? 0 : files.length;
    }

    /** How many files it may have open from now on. */
    public void limitFiles(int limit) {
        call("prlimit", "--pid", Long.toString(pid()), "--nofile=" + limit + ":");
    }

    /** {@link #kill9}, which a frozen process obeys too. */
    @Override
    public void close() {
        kill9();
    }

    private void signal(String signal) {
        if (!process.isAlive()) {
            return;
        }
        call("kill", "-" + signal, Long.toString(pid()));
    }

    private void call(String... command) {
        try {
            Tool.run(command);
        } catch (IllegalStateException e) {
            if (process.isAlive()) {
                throw e;
            }
        }
    }

    @Override
    public String toString() {
        return name + " (pid " + pid() + ")";
    }
}
