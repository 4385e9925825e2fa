package io.pushgate.access;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.ReferenceCountUtil;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the gateway is compared with: plain Netty that answers handshakes and writes one frame, made
 * once, to every connection, each on its own loop. It checks, remembers and resends nothing.
 */
final class PlainServer {
    private static final byte[] ANSWER =
            String.join(
                            "\r\n",
                            "HTTP/1.1 101 Switching Protocols",
                            "Upgrade: websocket",
                            "Connection: Upgrade",
                            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                            "",
                            "")
                    .getBytes(StandardCharsets.US_ASCII);

    private final Map<EventLoop, List<Channel>> channels = new ConcurrentHashMap<>();
    private final Channel listening;

    PlainServer(BenchTransport transport, int threads) {
        MultiThreadIoEventLoopGroup loops =
                new MultiThreadIoEventLoopGroup(threads, transport.handlers());
        listening =
                new ServerBootstrap()
                        .group(loops)
                        .channel(transport.serverSocket())
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline().addLast(new Door());
                                    }
                                })
                        .option(ChannelOption.SO_BACKLOG, 4096)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .bind("127.0.0.1", 0)
                        .syncUninterruptibly()
                        .channel();
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    void broadcast(byte[] json) {
        ByteBuf frame =
                ByteBufAllocator.DEFAULT.directBuffer(json.length + WebSocketFrames.MAX_HEADER);
        WebSocketFrames.text(frame, json);
        channels.forEach(
                (loop, all) -> {
                    frame.retain();
                    loop.execute(
                            () -> {
                                for (Channel channel : all) {
                                    var _ =
                                            channel.writeAndFlush(
                                                    frame.retainedDuplicate(),
                                                    channel.voidPromise());
                                }
                                frame.release();
                            });
                });
        frame.release();
    }

    /** Takes the first thing that comes in for the handshake. */
    private final class Door extends ChannelInboundHandlerAdapter {
        private boolean open;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object input) {
            ReferenceCountUtil.release(input);
            if (!open) {
                open = true;
                channels.computeIfAbsent(ctx.channel().eventLoop(), _ -> new ArrayList<>())
                        .add(ctx.channel());
                var _ = ctx.writeAndFlush(Unpooled.wrappedBuffer(ANSWER), ctx.voidPromise());
            }
        }
    }
}
