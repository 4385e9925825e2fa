package io.pushgate.runtime.net;

import io.netty.util.NetUtil;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The client by {@code X-Forwarded-For}. Each proxy adds whom it was called by at the right end, so
 * the list is read from there, for as long as those who wrote it may be believed.
 *
 * @param client the peer itself where nothing may be believed
 * @param refused whether there was a header that may not be believed, or that is none
 */
public record ForwardedFor(InetAddress client, boolean refused) {
    /**
     * Looks no names up.
     *
     * @param peer at the other end of the connection
     * @param headers each with addresses separated by commas, in their order
     * @param trusted who may say such things
     */
    public static ForwardedFor resolve(InetAddress peer, List<String> headers, Cidrs trusted) {
        if (headers.isEmpty()) {
            return new ForwardedFor(peer, false);
        }
        if (!trusted.contains(peer)) {
            return new ForwardedFor(peer, true);
        }
        List<String> hops = new ArrayList<>();
        headers.forEach(header -> hops.addAll(List.of(header.split(",", -1))));
        InetAddress client = peer;
        for (String hop : hops.reversed()) {
            InetAddress before = address(hop.strip());
            if (before == null) {
                return new ForwardedFor(peer, true);
            }
            client = before;
            if (!trusted.contains(client)) {
                break;
            }
        }
        return new ForwardedFor(client, false);
    }

    /** Some proxies write the port, too: {@code 192.0.2.1:4711} or {@code [2001:db8::1]:4711}. */
    private static @Nullable InetAddress address(String hop) {
        String host = hop;
        int end = hop.indexOf(']');
        if (hop.startsWith("[") && end > 0) {
            host = hop.substring(1, end);
        } else if (hop.indexOf('.') > 0 && hop.indexOf(':') > 0) {
            host = hop.substring(0, hop.indexOf(':'));
        }
        return NetUtil.createInetAddressFromIpAddressString(host);
    }
}
