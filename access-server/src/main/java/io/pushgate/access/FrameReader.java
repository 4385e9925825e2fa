package io.pushgate.access;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.pushgate.protocol.CloseReason;

import org.jspecify.annotations.Nullable;

/**
 * Cuts a client's frames (RFC 6455, 5.2) out of what its socket reads. Strict: masked frames only,
 * no extension bits, lengths in their shortest form, control frames whole and short, fragments in
 * order, close frames well-formed. After the first breach, and after a close frame, it is deaf.
 *
 * <p>Holds bytes only while a frame is half there, so an idle connection keeps no buffer; and fewer
 * than a frame of them. One thread only.
 */
final class FrameReader {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final int MAX_CONTROL = 125;
    private static final int MASK_BYTES = 4;

    private final int maxPayload;
    private @Nullable ByteBuf rest;
    private boolean inMessage;
    private boolean deaf;

    /** Takes the frames. */
    interface Sink {
        /**
         * @param last whether it is the last, or only, frame of its message
         * @param bytes holds the unmasked payload; valid during the call only
         * @param from index of the payload's first byte
         */
        void frame(int opcode, boolean last, ByteBuf bytes, int from, int length);

        /** The client broke the protocol; no frame follows. */
        void violated(CloseReason reason);
    }

    /**
     * @param maxPayload bytes of one frame's payload at most
     */
    FrameReader(int maxPayload) {
        this.maxPayload = maxPayload;
    }

    /** Reads on; takes the input over, and releases it. */
    void read(ByteBuf input, Sink sink) {
        ByteBuf before = rest;
        rest = null;
        ByteBuf bytes = before == null ? input : joined(before, input);
        boolean kept = false;
        try {
            boolean any = false;
            while (!deaf && cut(bytes, sink)) {
                any = true;
            }
            if (!deaf && bytes.isReadable()) {
                kept = before != null && !any;
                rest = kept ? bytes : copy(bytes);
            }
        } finally {
            if (!kept) {
                bytes.release();
            }
        }
    }

    /** Reads nothing more, and lets go of what it holds. */
    void close() {
        deaf = true;
        ByteBuf held = rest;
        if (held != null) {
            rest = null;
            held.release();
        }
    }

    /** Small: what is in front is less than a frame. */
    private static ByteBuf joined(ByteBuf before, ByteBuf input) {
        try {
            return before.writeBytes(input);
        } finally {
            input.release();
        }
    }

    /** The socket's buffer may be a hundred times as large as what is left in it. */
    private static ByteBuf copy(ByteBuf bytes) {
        return bytes.alloc().ioBuffer(bytes.readableBytes()).writeBytes(bytes);
    }

    /** Hands the next frame on; false where it is not there yet. */
    private boolean cut(ByteBuf bytes, Sink sink) {
        int available = bytes.readableBytes();
        if (available < 2) {
            return false;
        }
        int start = bytes.readerIndex();
        int first = bytes.getUnsignedByte(start);
        int second = bytes.getUnsignedByte(start + 1);
        if (!isAllowed(first, second)) {
            return violated(CloseReason.PROTOCOL_ERROR, sink);
        }
        int shortLength = second & 0x7F;
        int lengthBytes = shortLength == 127 ? 8 : shortLength == 126 ? 2 : 0;
        int head = 2 + lengthBytes + MASK_BYTES;
        if (available < 2 + lengthBytes) {
            return false;
        }
        long length = shortLength;
        if (lengthBytes > 0) {
            length =
                    lengthBytes == 2 ? bytes.getUnsignedShort(start + 2) : bytes.getLong(start + 2);
            if (length <= (lengthBytes == 2 ? MAX_CONTROL : 0xFFFF)) {
                return violated(CloseReason.PROTOCOL_ERROR, sink); // negative, or not the shortest
            }
        }
        if (length > maxPayload) {
            return violated(CloseReason.TOO_BIG, sink);
        }
        if (available < head + length) {
            return false;
        }
        unmask(bytes, start + head, (int) length, bytes.getInt(start + head - MASK_BYTES));
        bytes.skipBytes(head + (int) length);
        return whole(first, bytes, start + head, (int) length, sink);
    }

    /** By the first two bytes of a frame and what came before it. */
    private boolean isAllowed(int first, int second) {
        boolean last = (first & 0x80) != 0;
        boolean extended = (first & 0x70) != 0;
        boolean masked = (second & 0x80) != 0;
        int shortLength = second & 0x7F;
        if (extended || !masked) {
            return false;
        }
        return switch (first & 0x0F) {
            case CONTINUATION -> inMessage;
            case TEXT, BINARY -> !inMessage;
            case CLOSE -> last && shortLength <= MAX_CONTROL && shortLength != 1;
            case PING, PONG -> last && shortLength <= MAX_CONTROL;
            default -> false;
        };
    }

    private boolean whole(int first, ByteBuf bytes, int from, int length, Sink sink) {
        int opcode = first & 0x0F;
        boolean last = (first & 0x80) != 0;
        if (opcode == CLOSE) {
            if (length > 0 && !isCloseCode(bytes.getUnsignedShort(from))) {
                return violated(CloseReason.PROTOCOL_ERROR, sink);
            }
            if (length > 2
                    && StrictUtf8.decode(ByteBufUtil.getBytes(bytes, from + 2, length - 2))
                            == null) {
                return violated(CloseReason.BAD_DATA, sink);
            }
            deaf = true;
        } else if (opcode < CLOSE) {
            inMessage = !last;
        }
        sink.frame(opcode, last, bytes, from, length);
        return true;
    }

    private boolean violated(CloseReason reason, Sink sink) {
        deaf = true;
        sink.violated(reason);
        return false;
    }

    /** Codes that may stand in a frame: RFC 6455, 7.4, and the IANA registry behind it. */
    private static boolean isCloseCode(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || code >= 3000;
    }

    private static void unmask(ByteBuf bytes, int from, int length, int mask) {
        int at = from;
        int end = from + length;
        for (; end - at >= Integer.BYTES; at += Integer.BYTES) {
            bytes.setInt(at, bytes.getInt(at) ^ mask);
        }
        for (int shift = 24; at < end; at++, shift -= 8) {
            bytes.setByte(at, bytes.getByte(at) ^ (mask >>> shift));
        }
    }
}
