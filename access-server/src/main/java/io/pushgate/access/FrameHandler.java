package io.pushgate.access;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.pushgate.protocol.ClientFrame;
import io.pushgate.protocol.ClientFrameCodec;
import io.pushgate.protocol.CloseReason;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.ServerFrame;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;

/**
 * The last handler of an open WebSocket: turns bytes into calls of the {@link Session}, and answers
 * what is no business of the session's. Hostile input ends in exactly one close frame.
 */
final class FrameHandler extends ChannelInboundHandlerAdapter implements FrameReader.Sink {
    /** Pings of one client that are answered. */
    private static final int MAX_PONGS_A_SECOND = 10;

    private final Session session;
    private final Connection connection;
    private final Lifeline lifeline;
    private final SessionContext node;
    private final FrameReader reader;

    /** There while a message of fragments is. */
    private @Nullable FragmentAssembler fragments;

    /** Since when pongs are counted, a reading of the ticker. */
    private long pongsSince;

    private int pongs;

    FrameHandler(Session session, Connection connection, Lifeline lifeline, SessionContext node) {
        this.session = session;
        this.connection = connection;
        this.lifeline = lifeline;
        this.node = node;
        this.reader = new FrameReader(node.config().limits().maxFrame());
        this.pongsSince = node.clock().nanos();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object input) {
        if (input instanceof ByteBuf bytes) {
            reader.read(bytes, this);
        } else {
            ReferenceCountUtil.release(input); // the end of the request, from its decoder
        }
    }

    @Override
    public void frame(int opcode, boolean last, ByteBuf bytes, int from, int length) {
        lifeline.read();
        if (opcode == FrameReader.CLOSE) {
            session.end(new CloseCause.ByClient());
            connection.answerClose(length == 0 ? -1 : bytes.getUnsignedShort(from));
        } else if (connection.isClosing()) {
            return;
        } else if (opcode == FrameReader.PING) {
            if (mayPong()) {
                connection.pong(bytes, from, length);
            }
        } else if (opcode == FrameReader.TEXT || opcode == FrameReader.CONTINUATION) {
            text(last, bytes, from, length);
        } else if (opcode != FrameReader.PONG) {
            session.close(CloseReason.UNSUPPORTED);
        }
    }

    @Override
    public void violated(CloseReason reason) {
        session.close(reason);
    }

    private void text(boolean last, ByteBuf bytes, int from, int length) {
        FragmentAssembler open = fragments;
        if (last && open == null) {
            message(bytes, from, length);
            return;
        }
        if (open == null) {
            open = new FragmentAssembler(node.config().limits().maxFrame());
            fragments = open;
        }
        if (!open.add(bytes, from, length)) {
            session.close(CloseReason.TOO_BIG);
            return;
        }
        lifeline.inFragments(!last);
        if (last) {
            fragments = null;
            message(open.message());
        }
    }

    private void message(ByteBuf bytes, int from, int length) {
        Position acked = ClientTexts.ack(bytes, from, length);
        if (acked != null) {
            session.ack(acked);
        } else if (ClientTexts.isPing(bytes, from, length)) {
            pong();
        } else {
            message(ByteBufUtil.getBytes(bytes, from, length));
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
        long now = node.clock().nanos();
        if (now - pongsSince >= TimeUnit.SECONDS.toNanos(1)) {
            pongsSince = now;
            pongs = 0;
        }
        if (pongs == MAX_PONGS_A_SECOND) {
            node.metrics().pingsIgnored.increment();
            return false;
        }
        pongs++;
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
        reader.close();
        lifeline.stop();
        session.end(new CloseCause.Lost());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || cause.getCause() instanceof SSLException) {
            // Reset by the peer, written to after it went, or no TLS; channelInactive follows.
            var _ = ctx.close();
        } else {
            session.fail(cause);
        }
    }
}
