package io.pushgate.loadtest.control;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.TooLongFrameException;
import io.pushgate.protocol.InvalidInputException;

import java.util.function.Supplier;

/**
 * One end of a control connection. What is no control message is answered with {@link
 * ControlMessage.Refused}, and ends it. {@link #send} and {@link #end} may be called from any
 * thread; the peer is called on the event loop.
 */
public final class ControlLink extends SimpleChannelInboundHandler<ByteBuf> {
    /** Who is talked to. */
    public interface Peer {
        void message(ControlLink link, ControlMessage message);

        /** Once, whoever ended it. */
        void ended(ControlLink link, String why);
    }

    private final Peer peer;
    private final Channel channel;
    private String why = "the connection ended";

    private ControlLink(Channel channel, Peer peer) {
        this.channel = channel;
        this.peer = peer;
    }

    /** Builds the pipeline of a control connection. */
    public static ChannelInitializer<Channel> initializer(Supplier<Peer> peers) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline()
                        .addLast(new LineBasedFrameDecoder(ControlCodec.MAX_LINE_BYTES))
                        .addLast(new ControlLink(channel, peers.get()));
            }
        };
    }

    public void send(ControlMessage message) {
        var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(ControlCodec.encode(message)));
    }

    /** Says why, and closes. */
    public void refuse(String reason) {
        var _ =
                channel.writeAndFlush(
                                Unpooled.wrappedBuffer(
                                        ControlCodec.encode(new ControlMessage.Refused(reason))))
                        .addListener(ChannelFutureListener.CLOSE);
    }

    public void end() {
        var _ = channel.close();
    }

    /** The other end's address. */
    public String remote() {
        return String.valueOf(channel.remoteAddress()).replaceFirst("^.*/", "");
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf line) {
        try {
            peer.message(this, ControlCodec.decode(ByteBufUtil.getBytes(line)));
        } catch (InvalidInputException e) {
            broken(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        broken(
                cause instanceof TooLongFrameException
                        ? "a line longer than " + ControlCodec.MAX_LINE_BYTES + " bytes"
                        : String.valueOf(cause.getMessage()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        peer.ended(this, why);
    }

    private void broken(String reason) {
        why = reason;
        refuse(reason);
    }
}
