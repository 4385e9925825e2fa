package io.pushgate.runtime.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.netty.util.NetUtil;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Which server the Sentinels sent our connection to, the last time it was made. Any thread. */
final class PrimaryAddress implements RedisConnectionStateListener {
    private final RedisURI sentinels;
    private volatile @Nullable RedisURI node;

    PrimaryAddress(RedisURI sentinels) {
        this.sentinels = sentinels;
    }

    @Override
    public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress remote) {
        // The client also makes connections to Sentinels, to ask them.
        if (connection instanceof StatefulRedisConnection
                && remote instanceof InetSocketAddress address) {
            node = at(address);
        }
    }

    /** Null before the first connection. */
    @Nullable RedisURI node() {
        return node;
    }

    /**
     * Whether it is the server that {@code named} says; by the port alone where Sentinels name
     * hosts and not addresses, as names would have to be looked up.
     */
    boolean is(InetSocketAddress named) {
        RedisURI current = node;
        String host = named.getHostString();
        boolean isAddress = NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
        return current != null
                && current.getPort() == named.getPort()
                && (!isAddress || current.getHost().equals(host));
    }

    private RedisURI at(InetSocketAddress address) {
        return RedisURI.builder()
                .withHost(address.getHostString())
                .withPort(address.getPort())
                .withDatabase(sentinels.getDatabase())
                .withAuthentication(sentinels)
                .withSsl(sentinels)
                .withTimeout(sentinels.getTimeout())
                .build();
    }
}
