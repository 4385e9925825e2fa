package io.pushgate.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.ssl.SslContext;
import io.pushgate.protocol.Position;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Builds a connection's channel and pipeline and sends it off. */
final class Connector {
    static final String SUBPROTOCOL = "pushgate.v1.json";

    /** Handler names, in the order of the pipeline; the WebSocket codec takes HTTP's place. */
    static final String TLS = "tls";

    static final String HTTP = "http";
    static final String HTTP_AGGREGATOR = "http-aggregator";
    static final String FRAME_AGGREGATOR = "frame-aggregator";
    static final String CONNECTION = "connection";

    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
    private static final int MAX_RESPONSE_BYTES = 64 * 1024;

    private Connector() {}

    /**
     * Starts to connect; the owner hears how it went. A host name is looked up on the event loop,
     * by the JDK.
     *
     * @param token goes into the Authorization header and nowhere else
     * @param patience from now to the gateway's welcome
     */
    static Connection connect(
            ClientOptions options,
            Endpoint endpoint,
            String token,
            @Nullable String lastId,
            Map<String, Position> cursors,
            Duration patience,
            EventLoop loop,
            ConnectionOwner owner) {
        Connection connection =
                new Connection(
                        options,
                        handshaker(options, endpoint, token, lastId, cursors),
                        patience,
                        owner);
        new Bootstrap()
                .group(loop)
                .channel(EventLoops.socketOf(loop))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                build(channel, options, endpoint, connection);
                            }
                        })
                .connect(endpoint.host(), endpoint.port())
                .addListener(
                        connected -> {
                            Throwable cause = connected.cause();
                            if (cause != null) {
                                String why =
                                        "cannot reach "
                                                + endpoint
                                                + ": "
                                                + Connection.describe(cause);
                                // Without a socket (no file descriptor left) this is not the loop.
                                loop.execute(
                                        () -> connection.finish(new ConnectionEnd.Broken(why)));
                            }
                        });
        return connection;
    }

    private static void build(
            Channel channel, ClientOptions options, Endpoint endpoint, Connection connection) {
        ChannelPipeline pipeline = channel.pipeline();
        SslContext tls = options.tls();
        if (endpoint.tls() && tls != null) {
            pipeline.addLast(
                    TLS, tls.newHandler(channel.alloc(), endpoint.host(), endpoint.port()));
        }
        pipeline.addLast(HTTP, new HttpClientCodec());
        pipeline.addLast(HTTP_AGGREGATOR, new HttpObjectAggregator(MAX_RESPONSE_BYTES));
        pipeline.addLast(CONNECTION, connection);
    }

    private static WebSocketClientHandshaker handshaker(
            ClientOptions options,
            Endpoint endpoint,
            String token,
            @Nullable String lastId,
            Map<String, Position> cursors) {
        HttpHeaders headers = new DefaultHttpHeaders();
        headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + token);
        headers.set(HttpHeaderNames.USER_AGENT, "pushgate-client/" + options.clientVersion());
        URI uri = endpoint.handshakeUri(lastId, cursors, options.clientVersion());
        boolean allowExtensions = false;
        boolean mask = true;
        boolean allowMaskMismatch = false;
        boolean absoluteUrl = false;
        boolean sendOrigin = false; // A device is no page of some site.
        return WebSocketClientHandshakerFactory.newHandshaker(
                uri,
                WebSocketVersion.V13,
                SUBPROTOCOL,
                allowExtensions,
                headers,
                Connection.MAX_FRAME_BYTES,
                mask,
                allowMaskMismatch,
                -1,
                absoluteUrl,
                sendOrigin);
    }
}
