package io.pushgate.loadtest.socket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;

import org.jspecify.annotations.Nullable;

/**
 * An open WebSocket: one handler after Netty's frame decoder, and nothing else that lives as long
 * as the connection. Frames are written as bytes; their mask is zero, which RFC 6455 tells from
 * others only by its purpose (proxies that a browser's script could fool), and costs no pass over
 * the text. Belongs to its event loop.
 */
public final class Link extends ChannelInboundHandlerAdapter {
    public static final int NO_CODE = -1;
    public static final int NORMAL = 1000;

    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int PING = 0x89;
    private static final int PONG = 0x8a;
    private static final int MASKED = 0x80;
    private static final int SHORT = 125;
    private static final int MEDIUM = 126;
    private static final int MAX_MEDIUM = 0xffff;
    private static final int HEADER = 8;

    private final Session session;
    private @Nullable ChannelHandlerContext context;
    private int closeCode = NO_CODE;
    private boolean ended;

    private long sentAt;

    private long pingedAt;

    Link(Session session) {
        this.session = session;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof WebSocketFrame frame) {
                take(frame);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        session.passed(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!ended) {
            ended = true;
            session.ended(this, closeCode);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        var _ = ctx.close(); // A reset, or a frame against the RFC; the end is counted.
    }

    /** When something was sent last, on the clock of its owner. */
    public long sentAt() {
        return sentAt;
    }

    public void sentAt(long time) {
        sentAt = time;
    }

    /** When the ping was sent that has no answer yet; 0 for none. */
    public long pingedAt() {
        return pingedAt;
    }

    /** What was waited for has come. */
    public void ponged() {
        pingedAt = 0;
    }

    /** Written at once, and not flushed. */
    public void text(byte[] bytes, int length) {
        write(TEXT, bytes, length);
    }

    public void flush() {
        if (context != null) {
            context.flush();
        }
    }

    /**
     * @param time on the clock of its owner
     */
    public void ping(long time) {
        pingedAt = time;
        sentAt = time;
        write(PING, new byte[0], 0);
        flush();
    }

    /** With a close frame before. */
    public void close(int code) {
        if (context != null) {
            byte[] bytes = {(byte) (code >> 8), (byte) code};
            write(CLOSE, bytes, bytes.length);
            flush();
            abort();
        }
    }

    /** At once. */
    public void abort() {
        if (context != null) {
            var _ = context.close();
        }
    }

    private void take(WebSocketFrame frame) {
        switch (frame) {
            case TextWebSocketFrame text -> session.text(this, text.content());
            case PongWebSocketFrame _ -> ponged();
            case PingWebSocketFrame ping -> {
                byte[] bytes = new byte[ping.content().readableBytes()];
                ping.content().readBytes(bytes);
                write(PONG, bytes, bytes.length);
                flush();
            }
            case CloseWebSocketFrame close -> closed(close.statusCode());
            default -> abort(); // Nobody we talk to sends binary or fragmented messages.
        }
    }

    private void closed(int code) {
        closeCode = code;
        byte[] bytes = {(byte) (code >> 8), (byte) code};
        ByteBuf frame = frame(CLOSE, bytes, code == NO_CODE ? 0 : bytes.length);
        if (context != null && frame != null) {
            var _ = context.writeAndFlush(frame).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void write(int type, byte[] bytes, int length) {
        ByteBuf frame = frame(type, bytes, length);
        if (context != null && frame != null) {
            var _ = context.write(frame, context.voidPromise());
        }
    }

    private @Nullable ByteBuf frame(int type, byte[] bytes, int length) {
        if (context == null) {
            return null;
        }
        if (length > MAX_MEDIUM) {
            throw new IllegalArgumentException("a frame of at most %d".formatted(MAX_MEDIUM));
        }
        ByteBuf frame = context.alloc().directBuffer(HEADER + length);
        frame.writeByte(type);
        if (length <= SHORT) {
            frame.writeByte(MASKED | length);
        } else {
            frame.writeByte(MASKED | MEDIUM).writeShort(length);
        }
        return frame.writeInt(0).writeBytes(bytes, 0, length);
    }
}
