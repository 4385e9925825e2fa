package io.pushgate.access;

import io.pushgate.testkit.TestRedis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An access server in a process of its own that can be asked what it uses of the memory. */
final class ProbedNode implements AutoCloseable {
    private final Process process;
    private final BufferedReader told;
    private final int port;

    /**
     * @param heap in use after a collection
     * @param resident of the whole process, with all of the heap, used or not
     */
    record Memory(long heap, long resident) {
        /** What a connection takes, of so many that came since. */
        Cost since(Memory before, int connections) {
            return new Cost(
                    (heap - before.heap) / connections, (resident - before.resident) / connections);
        }
    }

    /** Of one connection, in bytes. */
    record Cost(long heap, long outside) {
        long sum() {
            return heap + outside;
        }
    }

    /** The objects of one class. */
    record Instances(long count, long bytes) {}

    /**
     * @param jvm options that choose a collector, for example
     * @param settings below {@code access}, as {@code path=value}
     */
    ProbedNode(List<String> jvm, List<String> settings) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString()));
        command.addAll(jvm);
        command.addAll(
                List.of(
                        "-Xms512m",
                        "-Xmx512m",
                        "-XX:+AlwaysPreTouch",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MemoryProbe.class.getName(),
                        TestRedis.shared().uri(),
                        "limits.accept-rate=0",
                        "heartbeat=10m"));
        command.addAll(settings);
        process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        told =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        port = (int) numbers("port")[0];
    }

    int port() {
        return port;
    }

    Memory memory() throws IOException {
        ask("memory");
        long[] bytes = numbers("bytes");
        return new Memory(bytes[0], bytes[1]);
    }

    /** What lives in the heap, by class. */
    Map<String, Instances> classes() throws IOException {
        ask("classes");
        Map<String, Instances> classes = new HashMap<>();
        for (String line = next(); !line.equals("end"); line = next()) {
            // number: instances bytes class (module)
            String[] columns = line.strip().split("\\s+", -1);
            if (columns[0].matches("[0-9]+:")) {
                classes.merge(
                        columns[3],
                        new Instances(Long.parseLong(columns[1]), Long.parseLong(columns[2])),
                        (one, other) ->
                                new Instances(one.count + other.count, one.bytes + other.bytes));
            }
        }
        return classes;
    }

    /** Has a message delivered to the device. */
    void push(String app, String device, String id) throws IOException {
        ask("push " + app + " " + device + " " + id);
        String line = next();
        while (!line.equals("pushed")) {
            line = next();
        }
    }

    private void ask(String question) throws IOException {
        process.getOutputStream().write((question + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Those of the next line that begins with the word. */
    private long[] numbers(String word) throws IOException {
        String line = next();
        while (!line.startsWith(word + " ")) {
            line = next();
        }
        return Arrays.stream(line.substring(word.length() + 1).split(" ", -1))
                .mapToLong(Long::parseLong)
                .toArray();
    }

    private String next() throws IOException {
        String line = told.readLine();
        if (line == null) {
            throw new IOException("the node ended");
        }
        return line;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
