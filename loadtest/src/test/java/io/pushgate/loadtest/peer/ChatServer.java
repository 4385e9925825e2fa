package io.pushgate.loadtest.peer;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.concurrent.GlobalEventExecutor;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Another server: sends a message back, or to everybody; loses some on demand. */
@SuppressWarnings("FutureReturnValueIgnored") // What is lost here, the test finds.
final class ChatServer implements AutoCloseable {
    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ChannelGroup all = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final boolean broadcasts;
    private final int loseOneIn;
    private final Channel listening;
    private int count;

    /**
     * @param loseOneIn 0 for none
     */
    ChatServer(boolean broadcasts, int loseOneIn) {
        this.broadcasts = broadcasts;
        this.loseOneIn = loseOneIn;
        listening =
                new ServerBootstrap()
                        .group(loops)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline()
                                                .addLast(new HttpServerCodec())
                                                .addLast(new HttpObjectAggregator(4096))
                                                .addLast(
                                                        new WebSocketServerProtocolHandler("/chat"))
                                                .addLast(new Frames());
                                    }
                                })
                        .bind(InetAddress.getLoopbackAddress(), 0)
                        .syncUninterruptibly()
                        .channel();
    }

    String url() {
        return "ws://127.0.0.1:"
                + ((InetSocketAddress) listening.localAddress()).getPort()
                + "/chat";
    }

    @Override
    public void close() {
        listening.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Frames extends SimpleChannelInboundHandler<TextWebSocketFrame> {
        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            all.add(ctx.channel());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame frame) {
            if (loseOneIn > 0 && ++count % loseOneIn == 0) {
                return;
            }
            if (broadcasts) {
                all.writeAndFlush(frame.retain());
            } else {
                ctx.writeAndFlush(frame.retain());
            }
        }
    }
}
