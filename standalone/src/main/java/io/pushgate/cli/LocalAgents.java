package io.pushgate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Agents of this machine, as processes that end with this one. */
final class LocalAgents implements AutoCloseable {
    /** The flag of such an agent. */
    static final String CHILD = "--child";

    /** What an agent prints before its address. */
    static final String READY = "agent listens on ";

    /** 20,000 connections take about 60 MB; the rest is for what is under way. */
    private static final List<String> JVM =
            List.of(
                    "-XX:+UseSerialGC",
                    "-XX:+UseCompactObjectHeaders",
                    "-Xmx320m",
                    "-XX:MaxDirectMemorySize=192m",
                    "-XX:ReservedCodeCacheSize=48m",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-Xlog:disable",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow");

    private static final long CLOSING_SECONDS = 5;

    private final List<Process> processes = new ArrayList<>();
    private final List<InetSocketAddress> addresses = new ArrayList<>();

    private LocalAgents() {}

    /**
     * Starts them side by side, and returns when all listen.
     *
     * @throws CommandFailure where one does not start
     */
    static LocalAgents start(int count) throws CommandFailure {
        LocalAgents agents = new LocalAgents();
        try {
            for (int i = 0; i < count; i++) {
                agents.processes.add(
                        new ProcessBuilder(command())
                                .redirectError(ProcessBuilder.Redirect.INHERIT)
                                .start());
            }
            for (Process process : agents.processes) {
                agents.addresses.add(addressOf(process));
            }
            return agents;
        } catch (IOException e) {
            agents.close();
            throw new CommandFailure("an agent does not start: " + e.getMessage(), e);
        }
    }

    List<InetSocketAddress> addresses() {
        return addresses;
    }

    @Override
    public void close() {
        for (Process process : processes) {
            try {
                process.getOutputStream().close(); // That ends it.
            } catch (IOException e) {
                process.destroyForcibly();
            }
        }
        try {
            for (Process process : processes) {
                if (!process.waitFor(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            }
        } catch (InterruptedException e) {
            processes.forEach(Process::destroyForcibly);
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Main.class.getName());
        command.addAll(List.of("loadtest", "agent", CHILD));
        return command;
    }

    // One that dies closes its output, so this ends.
    private static InetSocketAddress addressOf(Process process) throws IOException {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(READY)) {
                return new HostPort().convert(line.substring(READY.length()));
            }
        }
        throw new IOException("it ended before it was ready");
    }
}
