package io.pushgate.faults.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports on 127.0.0.1 that stay free while their server is down: they lie below the range from which
 * this machine gives ports to clients, where it has such a gap.
 */
public final class FixedPorts {
    private static final Path RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 1_000;

    private final Set<Integer> given = new HashSet<>();
    private final int highest = highest();

    /** A port that nobody listens on now, and that was not given before. */
    public synchronized int next() {
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, highest);
            if (!given.contains(port) && isFree(port)) {
                given.add(port);
                return port;
            }
        }
        throw new IllegalStateException("no free port between " + LOWEST + " and " + highest);
    }

    private static int highest() {
        try {
            int first = Integer.parseInt(Files.readString(RANGE).strip().split("\\s+", 2)[0]);
            return first > LOWEST + ATTEMPTS ? Math.min(first, HIGHEST) : HIGHEST;
        } catch (IOException | NumberFormatException e) {
            return HIGHEST;
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
