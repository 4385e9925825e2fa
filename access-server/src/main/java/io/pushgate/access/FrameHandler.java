package io.pushgate.access;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.pushgate.protocol.ClientFrame;
import io.pushgate.protocol.ClientFrameCodec;
import io.pushgate.protocol.CloseReason;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.ServerFrame;

import java.io.IOException;

import javax.net.ssl.SSLException;

/**
 * The last handler of an open WebSocket: turns frames into calls of the {@link Session}, and
 * answers what is no business of the session's. Hostile input ends in exactly one close frame.
 */
final class FrameHandler extends ChannelInboundHandlerAdapter {
    private final Session session;
    private final Connection connection;
    private final Lifeline lifeline;
    private final FragmentAssembler fragments;
    private final PongBudget pongs;
    private final AccessMetrics metrics;
    private final NodeClock clock;

    FrameHandler(
            Session session,
            Connection connection,
            Lifeline lifeline,
            int maxMessage,
            AccessMetrics metrics,
            NodeClock clock) {
        this.session = session;
        this.connection = connection;
        this.lifeline = lifeline;
        this.fragments = new FragmentAssembler(maxMessage);
        this.pongs = new PongBudget(clock.nanos());
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object input) {
        try {
            if (input instanceof WebSocketFrame frame) {
                lifeline.read();
                read(frame);
            } // else it is what follows a frame that could not be decoded
        } finally {
            ReferenceCountUtil.release(input);
        }
    }

    private void read(WebSocketFrame frame) {
        if (frame instanceof CloseWebSocketFrame close) {
            session.end(new CloseCause.ByClient());
            connection.answerClose(close.statusCode());
        } else if (connection.isClosing()) {
            return;
        } else if (frame instanceof PingWebSocketFrame ping) {
            if (mayPong()) {
                connection.pong(ping.content());
            }
        } else if (frame instanceof TextWebSocketFrame
                || frame instanceof ContinuationWebSocketFrame) {
            text(frame);
        } else if (!(frame instanceof PongWebSocketFrame)) {
            session.close(CloseReason.UNSUPPORTED);
        }
    }

    private void text(WebSocketFrame frame) {
        ByteBuf content = frame.content();
        if (frame.isFinalFragment() && !fragments.isOpen()) {
            message(ByteBufUtil.getBytes(content));
            return;
        }
        if (!fragments.add(content)) {
            session.close(CloseReason.TOO_BIG);
            return;
        }
        lifeline.inFragments(!frame.isFinalFragment());
        if (frame.isFinalFragment()) {
            message(fragments.take());
        }
    }

    private void message(byte[] utf8) {
        String json = StrictUtf8.decode(utf8);
        if (json == null) {
            session.close(CloseReason.BAD_DATA);
            return;
        }
        try {
            switch (ClientFrameCodec.decode(json)) {
                case ClientFrame.Ack ack -> session.ack(ack);
                case ClientFrame.Ping ping -> pong();
            }
        } catch (InvalidInputException e) {
            session.refuse("bad_frame", String.valueOf(e.getMessage()));
        }
    }

    private void pong() {
        if (mayPong()) {
            connection.send(new ServerFrame.Pong());
        }
    }

    private boolean mayPong() {
        if (!pongs.take(clock.nanos())) {
            metrics.pingsIgnored.increment();
            return false;
        }
        return connection.isWritable();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        boolean writable = ctx.channel().isWritable();
        lifeline.writable(writable);
        if (writable) {
            session.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        lifeline.stop();
        session.end(new CloseCause.Lost());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof CorruptedWebSocketFrameException violation) {
            session.close(reason(violation));
            // The decoder would go through what follows byte by byte; without it we just let it go.
            if (ctx.pipeline().get(PipelineNames.FRAME_DECODER) != null) {
                ctx.pipeline().remove(PipelineNames.FRAME_DECODER);
            }
        } else if (cause instanceof IOException || cause.getCause() instanceof SSLException) {
            // Reset by the peer, written to after it went, or no TLS; channelInactive follows.
            var _ = ctx.close();
        } else {
            session.fail(cause);
        }
    }

    private static CloseReason reason(CorruptedWebSocketFrameException violation) {
        int code = violation.closeStatus().code();
        if (code == CloseReason.TOO_BIG.code()) {
            return CloseReason.TOO_BIG;
        }
        return code == CloseReason.BAD_DATA.code()
                ? CloseReason.BAD_DATA
                : CloseReason.PROTOCOL_ERROR;
    }
}
