package io.pushgate.faults.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A network namespace for the whole harness: its own loopback interface, its own ports, and packet
 * filters that touch nobody else on the machine. Takes root on Linux.
 */
public final class PrivateNetwork {
    private static final String MARK = "FAULTS_NETWORK";
    private static final String PRIVATE = "private";
    private static final Path UNSHARE = Path.of("/usr/bin/unshare");
    private static final Path IP = Path.of("/usr/sbin/ip");

    private PrivateNetwork() {}

    /** Whether this process is in one. */
    public static boolean isInside() {
        return PRIVATE.equals(System.getenv(MARK));
    }

    /** Whether this process may make one. */
    public static boolean isPossible() {
        return "root".equals(System.getProperty("user.name"))
                && Files.isExecutable(UNSHARE)
                && Files.isExecutable(IP);
    }

    /**
     * Runs this JVM's own command line again inside a new one, with this process' standard streams.
     *
     * @return its exit code
     */
    public static int runAgain() throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                UNSHARE.toString(),
                                "--net",
                                "--mount",
                                "/bin/sh",
                                "-c",
                                "%s link set lo up && exec \"$@\"".formatted(IP),
                                "private"));
        command.addAll(ownCommand());
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put(MARK, PRIVATE);
        Process process = builder.start();
        Thread end = new Thread(process::destroy, "end-private-network");
        Runtime.getRuntime().addShutdownHook(end);
        int code = process.waitFor();
        try {
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (IllegalStateException e) {
            // Ctrl-C reached both: this one is ending, too.
        }
        return code;
    }

    private static List<String> ownCommand() throws IOException {
        String line =
                Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8)
                        .replaceFirst("\0$", "");
        List<String> words = new ArrayList<>(Arrays.asList(line.split("\0", -1)));
        words.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        return words;
    }
}
