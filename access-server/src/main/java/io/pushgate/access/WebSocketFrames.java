package io.pushgate.access;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;

/** The server's WebSocket frames (RFC 6455, 5.2): final, unmasked, each in one buffer. */
final class WebSocketFrames {
    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int PONG = 0x8A;
    static final int MAX_HEADER = 10;
    private static final int MAX_CLOSE_TEXT = 123;

    private WebSocketFrames() {}

    /** A text frame without its payload, which follows: valid UTF-8 of that many bytes. */
    static ByteBuf textHead(ByteBufAllocator allocator, int length) {
        ByteBuf frame = allocator.ioBuffer(MAX_HEADER + length);
        header(frame, TEXT, length);
        return frame;
    }

    /**
     * @param utf8 valid UTF-8
     */
    static ByteBuf text(ByteBufAllocator allocator, byte[] utf8) {
        return textHead(allocator, utf8.length).writeBytes(utf8);
    }

    /**
     * Appends a text frame.
     *
     * @param out with room for {@link #MAX_HEADER} bytes more than the text
     * @param utf8 valid UTF-8
     */
    static void text(ByteBuf out, byte[] utf8) {
        header(out, TEXT, utf8.length);
        out.writeBytes(utf8);
    }

    /**
     * @param bytes holds the payload, {@code length} bytes from {@code from} on
     * @param length 125 at most
     */
    static ByteBuf pong(ByteBufAllocator allocator, ByteBuf bytes, int from, int length) {
        ByteBuf frame = allocator.ioBuffer(MAX_HEADER + length);
        header(frame, PONG, length);
        return frame.writeBytes(bytes, from, length);
    }

    /**
     * @param text ASCII
     */
    static ByteBuf close(ByteBufAllocator allocator, int code, String text) {
        String reason = text.length() > MAX_CLOSE_TEXT ? text.substring(0, MAX_CLOSE_TEXT) : text;
        ByteBuf frame = allocator.ioBuffer(MAX_HEADER + 2 + reason.length());
        header(frame, CLOSE, 2 + reason.length());
        frame.writeShort(code);
        ByteBufUtil.writeAscii(frame, reason);
        return frame;
    }

    private static void header(ByteBuf frame, int opcode, int length) {
        frame.writeByte(opcode);
        if (length <= 125) {
            frame.writeByte(length);
        } else if (length <= 0xFFFF) {
            frame.writeByte(126).writeShort(length);
        } else {
            frame.writeByte(127).writeLong(length);
        }
    }
}
