package io.pushgate.access;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AttributeKey;
import io.pushgate.runtime.net.Cidrs;
import io.pushgate.runtime.net.ForwardedFor;
import io.pushgate.runtime.net.ProxyConfig;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Who is at the other end: the peer of the socket, or whom a configured balancer or proxy names in
 * its stead. Any thread.
 */
final class ClientAddress {
    private static final AttributeKey<InetAddress> NAMED =
            AttributeKey.valueOf(ClientAddress.class, "named");
    private static final String FORWARDED_FOR = "x-forwarded-for";

    private final Cidrs proxies;
    private final AccessMetrics metrics;

    ClientAddress(ProxyConfig config, AccessMetrics metrics) {
        this.proxies = Cidrs.parse(config.forwardedFor());
        this.metrics = metrics;
    }

    /** A balancer has named the client of this connection. */
    static void name(Channel channel, InetAddress client) {
        channel.attr(NAMED).set(client);
    }

    /** The other end of the connection as a balancer named it, else the socket's. */
    static @Nullable InetAddress peer(Channel channel) {
        if (channel.hasAttr(NAMED)) { // asking for its value would leave it one
            return channel.attr(NAMED).get();
        }
        return channel.remoteAddress() instanceof InetSocketAddress socket
                ? socket.getAddress()
                : null;
    }

    /** Who sent the request, for people; a header that may not be believed is counted. */
    String of(Channel channel, HttpHeaders headers) {
        InetAddress peer = peer(channel);
        if (peer == null) {
            return "an unknown address";
        }
        ForwardedFor forwarded = ForwardedFor.resolve(peer, headers.getAll(FORWARDED_FOR), proxies);
        if (forwarded.refused()) {
            metrics.addressRefused("forwarded_for");
        }
        return forwarded.client().getHostAddress();
    }
}
