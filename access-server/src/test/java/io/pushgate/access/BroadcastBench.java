package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Broadcasts to many connections of one access node, and the same on plain Netty that only writes
 * the frame; both up at once, in turns, so that what else the machine does hits both. No test of
 * the build: {@code ./mvnw -pl access-server test -Dtest=BroadcastBench -Dbench.connections=15000}.
 *
 * <p>Further settings: {@code bench.rounds} (20), {@code bench.burst} (20, broadcasts of a burst),
 * {@code bench.bytes} (512), {@code bench.transport} (epoll), {@code bench.loops} (2). Each of the
 * four processes needs a file descriptor a connection. What is measured is from the append (or the
 * first write) to the moment at which the last device has the last frame, the gateway's way through
 * Redis included; and the processor time of the server over all rounds, which what else runs on the
 * machine hardly changes. The acks of a round fall into later ones, and are in that time, too.
 */
class BroadcastBench {
    private static final int CONNECTIONS = Integer.getInteger("bench.connections", 2_000);
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 20);
    private static final int BURST = Integer.getInteger("bench.burst", 20);
    private static final int BYTES = Integer.getInteger("bench.bytes", 512);
    private static final String TRANSPORT = System.getProperty("bench.transport", "epoll");
    private static final String LOOPS = System.getProperty("bench.loops", "2");
    private static final int WARM_UP = 5;

    @Test
    void measure() throws Exception {
        try (Side gateway = new Side("gateway");
                Side plain = new Side("plain")) {
            report("single broadcasts", gateway, plain, 1);
            report("bursts of " + BURST, gateway, plain, BURST);
        }
    }

    private static void report(String what, Side gateway, Side plain, int count) throws Exception {
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        Duration ourCpu = Duration.ZERO;
        Duration theirCpu = Duration.ZERO;
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            if (round == 0) {
                ourCpu = gateway.cpu();
                theirCpu = plain.cpu();
            }
            double one = gateway.round(count);
            double other = plain.round(count);
            if (round >= 0) {
                ours.add(one);
                theirs.add(other);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%s of %d B to %d connections, %s, %s loops, %d rounds:%n  gateway      %s%n"
                        + "  plain Netty  %s%n",
                what,
                BYTES,
                CONNECTIONS,
                TRANSPORT,
                LOOPS,
                ROUNDS,
                line(ours, count, gateway.cpu().minus(ourCpu)),
                line(theirs, count, plain.cpu().minus(theirCpu)));
    }

    private static String line(List<Double> seconds, int count, Duration cpu) {
        List<Double> sorted = seconds.stream().sorted().toList();
        double median = sorted.get(sorted.size() / 2);
        return String.format(
                Locale.ROOT,
                "%,9.0f deliveries/s at the median; to the last device %.1f ms (fastest %.1f,"
                        + " slowest %.1f); %.2f us of processor time a delivery",
                (double) CONNECTIONS * count / median,
                median * 1e3,
                sorted.getFirst() * 1e3,
                sorted.getLast() * 1e3,
                cpu.toNanos() / 1e3 / ((double) CONNECTIONS * count * seconds.size()));
    }

    /** A server and its devices, each a process. */
    private static final class Side implements AutoCloseable {
        private final Child server;
        private final Child clients;
        private long expected;

        Side(String kind) throws IOException {
            server = new Child(BenchServer.class, kind, TRANSPORT, LOOPS);
            clients =
                    new Child(
                            BenchClients.class,
                            server.await("port"),
                            Integer.toString(CONNECTIONS),
                            "200");
            clients.await("connected");
        }

        /** Of the server, so far. */
        Duration cpu() {
            return server.process.info().totalCpuDuration().orElseThrow();
        }

        /** How long it took, in seconds. */
        double round(int count) throws IOException {
            expected += (long) CONNECTIONS * count;
            clients.say("await " + expected);
            server.say("send " + count + " " + BYTES);
            long began = Long.parseLong(server.await("sent"));
            return (Long.parseLong(clients.await("got")) - began) / 1e9;
        }

        @Override
        public void close() {
            clients.close();
            server.close();
        }
    }

    private static final class Child implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;

        Child(Class<?> main, String... args) throws IOException {
            List<String> command =
                    new ArrayList<>(
                            List.of(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xmx2g",
                                    "-XX:+UseParallelGC",
                                    "-XX:+UseCompactObjectHeaders",
                                    "--enable-native-access=ALL-UNNAMED",
                                    "--sun-misc-unsafe-memory-access=allow",
                                    "-cp",
                                    System.getProperty(
                                            "surefire.test.class.path",
                                            System.getProperty("java.class.path")),
                                    main.getName()));
            command.addAll(List.of(args));
            process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            out = new BufferedReader(new InputStreamReader(process.getInputStream(), US_ASCII));
        }

        void say(String line) throws IOException {
            process.getOutputStream().write((line + "\n").getBytes(US_ASCII));
            process.getOutputStream().flush();
        }

        /** What follows the word on its line; other lines are passed over, a failure is not. */
        String await(String word) throws IOException {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                assertThat(line).doesNotStartWith("failed");
                if (line.startsWith(word)) {
                    return line.substring(word.length()).strip();
                }
            }
            throw new AssertionError("the process ended before " + word);
        }

        @Override
        public void close() {
            try {
                process.getOutputStream().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                process.destroy();
            }
        }
    }
}
