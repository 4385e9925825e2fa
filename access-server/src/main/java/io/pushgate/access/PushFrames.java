package io.pushgate.access;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Names;
import io.pushgate.protocol.Position;

import java.nio.charset.StandardCharsets;

/**
 * The frame of a push, written straight into the buffer that goes to the socket: the text is that
 * of {@link io.pushgate.protocol.ServerFrameCodec}, and costs no object on the way.
 */
final class PushFrames {
    private static final byte[] POSITION = ascii("{\"t\":\"push\",\"pos\":\"");
    private static final byte[] ID = ascii("\",\"id\":\"");
    private static final byte[] AT = ascii("\",\"at\":");
    private static final byte[] AGAIN = ascii(",\"again\":true");
    private static final byte[] DATA = ascii(",\"data\":");
    private static final int FIXED =
            POSITION.length + "-".length() + ID.length + AT.length + DATA.length + "}".length();

    private PushFrames() {}

    /**
     * @param again whether the message may have been sent before
     * @throws IllegalArgumentException when the message's id is none
     * @throws IllegalStateException when its payload is compressed
     */
    static ByteBuf encode(
            ByteBufAllocator allocator, Position position, Message message, boolean again) {
        String id = message.id();
        if (!Names.isMessageId(id)) { // a valid one needs no escaping
            throw new IllegalArgumentException("not a message id: " + id);
        }
        byte[] data = message.plainPayload();
        long at = Math.max(0, message.acceptedAt());
        int length =
                FIXED
                        + digits(position.millis())
                        + digits(position.sequence())
                        + id.length()
                        + digits(at)
                        + (again ? AGAIN.length : 0)
                        + data.length;
        ByteBuf frame = WebSocketFrames.textHead(allocator, length);
        frame.writeBytes(POSITION);
        number(frame, position.millis());
        frame.writeByte('-');
        number(frame, position.sequence());
        frame.writeBytes(ID);
        ByteBufUtil.writeAscii(frame, id);
        frame.writeBytes(AT);
        number(frame, at);
        if (again) {
            frame.writeBytes(AGAIN);
        }
        return frame.writeBytes(DATA).writeBytes(data).writeByte('}');
    }

    /** Characters of a number that is not negative. */
    private static int digits(long number) {
        int digits = 1;
        for (long left = number / 10; left > 0; left /= 10) {
            digits++;
        }
        return digits;
    }

    private static void number(ByteBuf out, long number) {
        int digits = digits(number);
        int end = out.writerIndex() + digits;
        long left = number;
        for (int at = end - 1; digits > 0; at--, digits--) {
            out.setByte(at, (int) ('0' + left % 10));
            left /= 10;
        }
        out.writerIndex(end);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
