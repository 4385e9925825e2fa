package io.pushgate.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Ports on 127.0.0.1 that nobody listens on at the moment of asking. */
final class FreePorts {
    /** What Java and the kernel, and Redis, say of a port that another has. */
    private static final List<String> IN_USE =
            List.of("Address already in use", "Failed listening on port");

    private static final int ATTEMPTS = 5;

    private FreePorts() {}

    /** Has a server listen on a port. */
    interface Start {
        void on(int port) throws IOException;
    }

    /**
     * Starts a server on some free port, and on others where somebody was quicker.
     *
     * @return the port
     * @throws EmbeddedException what the server said the last time, or if it was not the port's
     *     fault
     */
    static int start(Start server) throws IOException {
        for (int attempt = 1; ; attempt++) {
            int candidate = take(1).getFirst();
            try {
                server.on(candidate);
                return candidate;
            } catch (EmbeddedException e) {
                // Between looking and binding somebody else may have taken it.
                if (attempt == ATTEMPTS || !wasTaken(candidate, e)) {
                    throw e;
                }
            }
        }
    }

    /**
     * So many different free ports; somebody else may take one before it is used, so the caller
     * must be ready to try again.
     */
    static List<Integer> take(int count) {
        List<ServerSocket> open = new ArrayList<>();
        try {
            List<Integer> ports = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ServerSocket socket = bind(0);
                open.add(socket);
                ports.add(socket.getLocalPort());
            }
            return ports;
        } catch (IOException e) {
            throw new EmbeddedException("no free port on 127.0.0.1: " + e.getMessage(), e);
        } finally {
            open.forEach(FreePorts::closeQuietly);
        }
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = bind(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    /**
     * Whether a server failed to start since somebody else had the port, if only for a moment:
     * outgoing connections get theirs from the same range, and are often gone by the time one
     * looks.
     */
    static boolean wasTaken(int port, EmbeddedException failure) {
        String reason = String.valueOf(failure.getMessage());
        return IN_USE.stream().anyMatch(reason::contains) || !isFree(port);
    }

    private static ServerSocket bind(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            // As the servers themselves do: connections of a predecessor in TIME_WAIT don't count
            // as taken.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket;
        } catch (IOException e) {
            closeQuietly(socket);
            throw e;
        }
    }

    private static void closeQuietly(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // The port is given back either way.
        }
    }
}
