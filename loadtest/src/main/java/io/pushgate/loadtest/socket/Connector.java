package io.pushgate.loadtest.socket;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;

/** Makes connections, from several local addresses in turn. Belongs to its event loop. */
public final class Connector {
    /** The names that Netty's handshaker gives. */
    static final String FRAME_ENCODER = "ws-encoder";

    static final String LINK = "link";

    private static final int CONNECT_TIMEOUT_MILLIS = 20_000;
    private static final int MAX_RESPONSE_BYTES = 16 * 1024;
    private static final int READ_BYTES = 2048;

    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final List<InetAddress> sources;
    private final int maxFrameBytes;
    private int next;

    /**
     * @param epoll whether the loop is one of epoll's
     * @param sources empty for any
     */
    public Connector(EventLoop loop, boolean epoll, List<InetAddress> sources, int maxFrameBytes) {
        this.loop = loop;
        this.sources = List.copyOf(sources);
        this.maxFrameBytes = maxFrameBytes;
        bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                        .option(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new FixedRecvByteBufAllocator(READ_BYTES));
        if (epoll && !sources.isEmpty()) {
            // Else a source has as many ports as there are, whatever the number of servers.
            bootstrap.option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
        }
    }

    /**
     * Starts an attempt; the session hears how it goes.
     *
     * @param uri what to ask for at the endpoint
     * @param subprotocol null for none
     */
    public Channel connect(
            InetSocketAddress address,
            URI uri,
            HttpHeaders headers,
            @Nullable String subprotocol,
            Session session) {
        boolean allowExtensions = false;
        boolean mask = true;
        boolean allowMaskMismatch = false;
        boolean absoluteUrl = false;
        boolean sendOrigin = false; // A device is no page of some site.
        WebSocketClientHandshaker handshaker =
                WebSocketClientHandshakerFactory.newHandshaker(
                        uri,
                        WebSocketVersion.V13,
                        subprotocol,
                        allowExtensions,
                        headers,
                        maxFrameBytes,
                        mask,
                        allowMaskMismatch,
                        -1,
                        absoluteUrl,
                        sendOrigin);
        ChannelFuture attempt =
                bootstrap
                        .clone()
                        .handler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline()
                                                .addLast(new HttpClientCodec())
                                                .addLast(
                                                        new HttpObjectAggregator(
                                                                MAX_RESPONSE_BYTES))
                                                .addLast(new Handshake(handshaker, session));
                                    }
                                })
                        .connect(address, source());
        attempt.addListener(
                done -> {
                    Throwable cause = done.cause();
                    if (cause != null) {
                        // Without a socket (no file descriptor left) this is not the loop.
                        loop.execute(() -> session.failed(String.valueOf(cause.getMessage())));
                    }
                });
        return attempt.channel();
    }

    private @Nullable SocketAddress source() {
        if (sources.isEmpty()) {
            return null;
        }
        next = (next + 1) % sources.size();
        return new InetSocketAddress(sources.get(next), 0);
    }
}
