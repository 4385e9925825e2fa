package io.pushgate.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.pushgate.testkit.NodeJs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A script of {@code src/test/node} in a Node of its own. It prints what happens as lines of JSON
 * and ends when its stdin does, so nothing is left behind whatever becomes of the test.
 */
final class NodeScript implements AutoCloseable {
    /** What tests that start a browser lock: it unpacks itself once, and takes a core. */
    static final String BROWSER = "browser";

    private static final Path FOLDER = Path.of("src", "test", "node").toAbsolutePath();
    private static final int END_SECONDS = 20;

    private final ObjectMapper json = new ObjectMapper();
    private final Process process;
    private final Path errors;
    private final List<JsonNode> lines = new ArrayList<>();
    private final Thread reader;

    private NodeScript(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    /** Skips the test where there is no Node. */
    static NodeScript start(String script, String... arguments) throws Exception {
        NodeJs.assumeFound();
        NodeJs.install(FOLDER);
        Path errors = Files.createTempFile("pushgate-node", ".err");
        // The browser unpacks itself into the folder for temporary files, and stays there.
        Path unpacked = Files.createDirectories(Path.of("target", "chromium").toAbsolutePath());
        ProcessBuilder builder =
                new ProcessBuilder(
                                Stream.concat(Stream.of("node", script), Arrays.stream(arguments))
                                        .toList())
                        .directory(FOLDER.toFile())
                        .redirectError(errors.toFile());
        builder.environment().put("TMPDIR", unpacked.toString());
        return new NodeScript(builder.start(), errors);
    }

    /** What it printed of an event so far. */
    List<JsonNode> events(String event) {
        synchronized (lines) {
            return lines.stream()
                    .filter(line -> line.path("event").asText().equals(event))
                    .toList();
        }
    }

    /** The ids of the messages that its app got so far, in order. */
    List<String> ids() {
        return events("message").stream().map(line -> line.path("id").asText()).toList();
    }

    boolean hasEnded() {
        return !process.isAlive();
    }

    /** For a failure's message: how it stands, and all it said. */
    @Override
    public String toString() {
        synchronized (lines) {
            try {
                return (process.isAlive() ? "running " : "ended with " + process.exitValue() + " ")
                        + lines
                        + "\n"
                        + Files.readString(errors);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Lets it end by itself. Returns the exit code. */
    int end() throws Exception {
        process.getOutputStream().close();
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("does not end: " + this);
        }
        reader.join();
        return process.exitValue();
    }

    @Override
    public void close() throws Exception {
        NodeJs.kill(process);
        Files.delete(errors);
    }

    private void read() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                JsonNode event = json.readTree(line);
                synchronized (lines) {
                    lines.add(event);
                }
            }
        } catch (IOException e) {
            // It was killed.
        }
    }
}
