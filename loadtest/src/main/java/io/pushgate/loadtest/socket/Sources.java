package io.pushgate.loadtest.socket;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The local addresses that connections come from. A connection needs a port that no other from the
 * same address to the same server has. Linux looks for one among the even ports first, about 14,000
 * unless {@code net.ipv4.ip_local_port_range} was changed, and looks at all of them anew for each
 * connection once none is left ({@code __inet_hash_connect}): milliseconds of CPU each, see
 * docs/capacity.md.
 */
public final class Sources {
    /** Connections from one address to one server that are sure to find a port quickly. */
    private static final int MOST = 10_000;

    private static final int MAX_LOOPBACK = 250;

    private Sources() {}

    /**
     * Those given, or, where there are none and all servers are on this machine, as many loopback
     * addresses as the connections need.
     */
    public static List<String> choose(List<String> given, int connections, List<String> urls) {
        int needed = needed(connections, urls);
        if (!given.isEmpty() || needed == 1 || !urls.stream().allMatch(Sources::isLoopback)) {
            return given;
        }
        return IntStream.range(0, Math.min(needed, MAX_LOOPBACK))
                .mapToObj(i -> "127.0.0." + (2 + i))
                .toList();
    }

    /** What to tell who has chosen too few; null where there is nothing to tell. */
    public static @Nullable String warning(
            List<String> chosen, int agentMachines, int connections, List<String> urls) {
        int needed = needed(connections, urls);
        int there = Math.max(1, chosen.size()) * agentMachines;
        return there >= needed
                ? null
                : "more than "
                        + MOST
                        + " connections to a server from one address: to find a free port takes the"
                        + " kernel ever longer; give "
                        + (needed + agentMachines - 1) / agentMachines
                        + " local addresses with --sources";
    }

    /**
     * The addresses of these names.
     *
     * @throws IllegalArgumentException in words for the person who typed one that is none
     */
    public static List<InetAddress> addresses(List<String> names) {
        List<InetAddress> addresses = new ArrayList<>();
        for (String name : names) {
            try {
                addresses.add(InetAddress.getByName(name));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("no source address: " + name, e);
            }
        }
        return addresses;
    }

    private static int needed(int connections, List<String> urls) {
        int perServer = (connections + urls.size() - 1) / urls.size();
        return (perServer + MOST - 1) / MOST;
    }

    private static boolean isLoopback(String url) {
        try {
            String host = URI.create(url).getHost();
            return host != null && host.startsWith("127.");
        } catch (IllegalArgumentException e) {
            return false; // Whoever connects to it says so.
        }
    }
}
