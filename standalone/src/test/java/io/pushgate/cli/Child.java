package io.pushgate.cli;

import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The real command line in a JVM of its own, as a person would start it. */
final class Child implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;
    private final List<String> out = new ArrayList<>();
    private final List<String> err = new ArrayList<>();
    private final Thread outReader;
    private final Thread errReader;

    private Child(Process process) {
        this.process = process;
        outReader = read(process.getInputStream(), out);
        errReader = read(process.getErrorStream(), err);
    }

    /**
     * Starts it.
     *
     * @param runtime keeps it apart from a standalone that the developer may be running
     */
    static Child start(Path runtime, Map<String, String> env, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of("-cp", classPath(), "io.pushgate.cli.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("PUSHGATE_"));
        builder.environment().put("XDG_RUNTIME_DIR", runtime.toString());
        builder.environment().putAll(env);
        return new Child(builder.start());
    }

    // Surefire's own is a jar with nothing but a manifest.
    private static String classPath() {
        return System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static Thread read(InputStream stream, List<String> lines) {
        return Thread.ofVirtual()
                .start(
                        () -> {
                            try (BufferedReader reader =
                                    new BufferedReader(new InputStreamReader(stream, UTF_8))) {
                                for (String line = reader.readLine();
                                        line != null;
                                        line = reader.readLine()) {
                                    synchronized (lines) {
                                        lines.add(line);
                                    }
                                }
                            } catch (IOException e) {
                                // The process was killed.
                            }
                        });
    }

    List<String> out() {
        synchronized (out) {
            return List.copyOf(out);
        }
    }

    List<String> err() {
        synchronized (err) {
            return List.copyOf(err);
        }
    }

    /** Waits for a line on stdout or stderr that holds the text. */
    Child awaitLine(String text) {
        await("a line with \"" + text + "\"")
                .atMost(PATIENCE)
                .until(() -> has(text) || !process.isAlive());
        if (!has(text)) {
            throw new AssertionError("ended without \"" + text + "\": " + out() + err());
        }
        return this;
    }

    private boolean has(String text) {
        return out().stream().anyMatch(line -> line.contains(text))
                || err().stream().anyMatch(line -> line.contains(text));
    }

    /** Waits for its end and returns the exit code. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("does not end: " + out() + err());
        }
        outReader.join();
        errReader.join();
        return process.exitValue();
    }

    /** As {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** As {@code kill}; returns the exit code. */
    int terminate() throws InterruptedException {
        // Process.destroy() would close the streams too, and with them its last words.
        process.toHandle().destroy();
        return exitCode();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
