package io.pushgate.access;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.pushgate.protocol.CloseReason;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.ServerFrame;
import io.pushgate.protocol.ServerFrameCodec;

/**
 * The writing side of one WebSocket: frames out, and the only way to close it, with exactly one
 * close frame. Nothing goes out after that. Used on the channel's event loop only.
 */
final class Connection implements OrderedSender.Wire {
    private final Channel channel;
    private final LoopContext loop;
    private boolean unflushed;
    private boolean listed;
    private boolean closing;

    Connection(Channel channel, LoopContext loop) {
        this.channel = channel;
        this.loop = loop;
    }

    /** Whether a close frame is out: what comes in is of no interest any more. */
    boolean isClosing() {
        return closing;
    }

    /** Whether the socket is there; false as soon as its end was read. */
    boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    /** Writes a push; it is flushed at the end of the loop's pass, or by {@link #flush}. */
    @Override
    public void push(Position position, Message message, boolean again) {
        write(PushFrames.encode(channel.alloc(), position, message, again));
        if (!listed) {
            listed = true;
            loop.flushLater(this);
        }
    }

    @Override
    public void recall(Position position, String id) {
        send(new ServerFrame.Recall(position, id, null));
    }

    /** The end of the loop's pass. */
    void endOfPass() {
        listed = false;
        flush();
    }

    @Override
    public void flush() {
        if (unflushed) {
            unflushed = false;
            channel.flush();
        }
    }

    /** Writes and flushes a frame. */
    void send(ServerFrame frame) {
        write(WebSocketFrames.text(channel.alloc(), ServerFrameCodec.encode(frame)));
        flush();
    }

    /** Writes and flushes a pong with the ping's payload. */
    void pong(ByteBuf bytes, int from, int length) {
        write(WebSocketFrames.pong(channel.alloc(), bytes, from, length));
        flush();
    }

    /** Sends the close frame; the socket itself goes when the client has answered, or soon. */
    void close(CloseReason reason) {
        write(WebSocketFrames.close(channel.alloc(), reason.code(), reason.reason()));
        flush();
        closing = true;
    }

    /**
     * Answers the client's close frame, then closes the socket.
     *
     * @param code as the client sent it, negative for none
     */
    void answerClose(int code) {
        if (closing) {
            abort();
            return;
        }
        closing = true;
        channel.writeAndFlush(WebSocketFrames.close(channel.alloc(), code < 0 ? 1000 : code, ""))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /** Closes the socket at once; what was not written is let go. */
    void abort() {
        closing = true;
        var _ = channel.close();
    }

    /** Writes a text frame; {@link #flush} has to follow. */
    void writeText(byte[] json) {
        write(WebSocketFrames.text(channel.alloc(), json));
    }

    /** Writes frames, and takes their reference over; {@link #flush} has to follow. */
    void write(ByteBuf frame) {
        if (closing || !channel.isActive()) {
            frame.release();
            return;
        }
        var _ = channel.write(frame, channel.voidPromise());
        unflushed = true;
    }
}
