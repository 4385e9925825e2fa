package io.pushgate.standalone;

import io.pushgate.runtime.StartupException;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks whether every port is free before anything is started on one of them. */
public final class Ports {
    private Ports() {}

    /**
     * A port somebody asked for.
     *
     * @param flag what chooses another one
     * @param port 0 is always free
     */
    public record Wanted(String flag, String host, int port) {}

    /**
     * Throws with every port that is taken, or asked for twice, in one line.
     *
     * @throws StartupException where at least one is not free
     */
    public static void requireFree(List<Wanted> ports) throws StartupException {
        List<String> mistakes = new ArrayList<>();
        Map<Integer, String> flags = new HashMap<>();
        for (Wanted wanted : ports) {
            if (wanted.port() == 0) {
                continue;
            }
            String other = flags.putIfAbsent(wanted.port(), wanted.flag());
            if (other != null) {
                mistakes.add(
                        "port "
                                + wanted.port()
                                + " is asked for by "
                                + other
                                + " and "
                                + wanted.flag());
            } else if (!isFree(wanted)) {
                mistakes.add(
                        "port "
                                + wanted.port()
                                + " is taken: choose another one with "
                                + wanted.flag());
            }
        }
        if (!mistakes.isEmpty()) {
            throw new StartupException(String.join("; ", mistakes));
        }
    }

    private static boolean isFree(Wanted wanted) {
        try (ServerSocket socket = new ServerSocket()) {
            // As servers do it: a port whose last connections are still in TIME_WAIT is free.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(wanted.host(), wanted.port()));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
