package io.pushgate.access;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.runtime.config.RedisConfig;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The process of a {@link ProbedNode}: an access server that tells its port, and for each line that
 * it reads how much memory it uses, and what for.
 */
final class MemoryProbe {
    /** Serial GC leaves up to a twentieth of the heap dead where it lies, but each fourth time. */
    private static final int COLLECTIONS = 4;

    private MemoryProbe() {}

    /**
     * @param arguments the URI of Redis, then settings below {@code access} as {@code path=value}
     */
    public static void main(String[] arguments) throws Exception {
        RedisConfig redis =
                new RedisConfig(arguments[0], RedisConfig.Mode.AUTO, Duration.ofSeconds(3));
        Map<String, String> settings = new HashMap<>();
        for (int i = 1; i < arguments.length; i++) {
            int equals = arguments[i].indexOf('=');
            settings.put(arguments[i].substring(0, equals), arguments[i].substring(equals + 1));
        }
        BufferedReader asked =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (AccessNode node = AccessNode.start(redis, AccessNode.noKafka(), settings)) {
            System.out.println("port " + node.port());
            for (String line = asked.readLine(); line != null; line = asked.readLine()) {
                String[] words = line.split(" ", -1);
                switch (words[0]) {
                    case "memory" -> System.out.println("bytes " + heap() + " " + resident());
                    case "classes" -> System.out.println(classes() + "end");
                    case "push" -> {
                        node.push(new DeviceKey(words[1], words[2]), words[3]);
                        System.out.println("pushed");
                    }
                    default -> throw new IllegalArgumentException(line);
                }
            }
        }
        System.exit(0);
    }

    private static long heap() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** What lives in the heap, by class, as {@code jcmd PID GC.class_histogram} prints it. */
    private static String classes() throws JMException {
        return (String)
                ManagementFactory.getPlatformMBeanServer()
                        .invoke(
                                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                "gcClassHistogram",
                                new Object[] {new String[0]},
                                new String[] {String[].class.getName()});
    }

    /** What the process has of the machine's memory; the heap was touched at the start. */
    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
