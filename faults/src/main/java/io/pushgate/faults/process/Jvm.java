package io.pushgate.faults.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of JVMs with this one's Java and class path, small enough for a dozen of them. */
public final class Jvm {
    private Jvm() {}

    /**
     * The command that runs a class.
     *
     * @param heapMegabytes its largest heap
     * @param optimized whether it runs for long enough for the optimizing compiler to pay
     */
    public static List<String> command(
            int heapMegabytes, boolean optimized, String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx" + heapMegabytes + "m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=" + (optimized ? 4 : 1),
                        "-XX:+UseCompactObjectHeaders",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Xlog:disable",
                        "-Xlog:all=error:stderr",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        mainClass));
        command.addAll(arguments);
        return command;
    }
}
