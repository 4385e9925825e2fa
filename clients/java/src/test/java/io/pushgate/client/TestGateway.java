package io.pushgate.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.handler.ssl.SslContext;
import io.pushgate.protocol.ServerFrame;
import io.pushgate.protocol.ServerFrameCodec;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A gateway that does what a test tells it, over real sockets. */
@SuppressWarnings("FutureReturnValueIgnored") // What a test sends arrives, or the test fails.
final class TestGateway implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;

    /** What it answers a handshake with, instead of the upgrade. */
    record Refusal(int status, String retryAfter) {}

    private final EventLoopGroup loops = EventLoops.create(1, "test-gateway");
    private final BlockingQueue<Peer> peers = new LinkedBlockingQueue<>();
    private final Channel listening;
    private volatile Function<HttpHeaders, @Nullable Refusal> door = _ -> null;

    TestGateway() {
        this(null);
    }

    TestGateway(@Nullable SslContext tls) {
        listening =
                new ServerBootstrap()
                        .group(loops)
                        .channel(serverSocket())
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        if (tls != null) {
                                            channel.pipeline()
                                                    .addLast(tls.newHandler(channel.alloc()));
                                        }
                                        channel.pipeline()
                                                .addLast(new HttpServerCodec())
                                                .addLast(new HttpObjectAggregator(64 * 1024))
                                                .addLast(new Door());
                                    }
                                })
                        .bind(InetAddress.getLoopbackAddress(), 0)
                        .syncUninterruptibly()
                        .channel();
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    String url() {
        return "ws://127.0.0.1:" + port();
    }

    /** Looks at each handshake's headers; null upgrades. */
    void door(Function<HttpHeaders, @Nullable Refusal> newDoor) {
        door = newDoor;
    }

    /** The next connection that was upgraded. */
    Peer accept() throws InterruptedException {
        Peer peer = peers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (peer == null) {
            throw new AssertionError("no connection came");
        }
        return peer;
    }

    /** The next connection, welcomed. */
    Peer welcome() throws InterruptedException {
        Peer peer = accept();
        peer.send(new ServerFrame.Welcome("test-1", 30_000, 64));
        return peer;
    }

    int waiting() {
        return peers.size();
    }

    @Override
    public void close() {
        listening.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static Class<? extends ServerSocketChannel> serverSocket() {
        return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /** The gateway's end of a connection. */
    static final class Peer {
        final String target;
        final HttpHeaders headers;
        private final Channel channel;
        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        Peer(Channel channel, String target, HttpHeaders headers) {
            this.channel = channel;
            this.target = target;
            this.headers = headers;
        }

        Peer send(ServerFrame frame) {
            return sendRaw(text(frame));
        }

        private static String text(ServerFrame frame) {
            return new String(ServerFrameCodec.encode(frame), UTF_8);
        }

        Peer sendRaw(String text) {
            channel.writeAndFlush(new TextWebSocketFrame(text));
            return this;
        }

        /** In as few writes to the socket as it takes. */
        void sendTogether(List<? extends ServerFrame> frames) {
            channel.eventLoop()
                    .execute(
                            () -> {
                                for (ServerFrame frame : frames) {
                                    channel.write(new TextWebSocketFrame(text(frame)));
                                }
                                channel.flush();
                            });
        }

        Peer sendFrame(WebSocketFrame frame) {
            channel.writeAndFlush(frame);
            return this;
        }

        Peer sendInPieces(String text, int size) {
            for (int i = 0; i < text.length(); i += size) {
                int end = Math.min(text.length(), i + size);
                boolean last = end == text.length();
                var part = Unpooled.copiedBuffer(text.substring(i, end), US_ASCII);
                channel.write(
                        i == 0
                                ? new TextWebSocketFrame(last, 0, part)
                                : new ContinuationWebSocketFrame(last, 0, part));
            }
            channel.flush();
            return this;
        }

        void close(int code, String reason) {
            channel.writeAndFlush(new CloseWebSocketFrame(code, reason));
        }

        /** Without a word. */
        void drop() {
            channel.close();
        }

        boolean isOpen() {
            return channel.isActive();
        }

        boolean isWritable() {
            return channel.isWritable();
        }

        /** The next frame: its text, or {@code close <code>}, {@code pong <content>}. */
        String next() throws InterruptedException {
            String frame = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (frame == null) {
                throw new AssertionError("no frame came");
            }
            return frame;
        }

        int unread() {
            return received.size();
        }
    }

    private final class Door extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            Refusal refusal = door.apply(request.headers());
            if (refusal != null) {
                var response =
                        new DefaultFullHttpResponse(
                                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(refusal.status()));
                response.headers().set("content-length", 0);
                if (!refusal.retryAfter().isEmpty()) {
                    response.headers().set("retry-after", refusal.retryAfter());
                }
                ctx.writeAndFlush(response);
                return;
            }
            Peer peer = new Peer(ctx.channel(), request.uri(), request.headers().copy());
            ctx.pipeline().addLast(new Frames(peer));
            new WebSocketServerHandshakerFactory(request.uri(), "pushgate.v1.json", false)
                    .newHandshaker(request)
                    .handshake(ctx.channel(), request)
                    .addListener(_ -> peers.add(peer));
        }
    }

    private static final class Frames extends SimpleChannelInboundHandler<WebSocketFrame> {
        private final Peer peer;

        Frames(Peer peer) {
            this.peer = peer;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
            peer.received.add(
                    switch (frame) {
                        case TextWebSocketFrame text -> text.text();
                        case CloseWebSocketFrame close -> "close " + close.statusCode();
                        case PingWebSocketFrame _ -> "ping";
                        default -> "pong " + frame.content().toString(US_ASCII);
                    });
            if (frame instanceof CloseWebSocketFrame) {
                ctx.close();
            }
        }
    }
}
