package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.ServerFrame;
import io.pushgate.protocol.ServerFrameCodec;
import io.pushgate.testkit.LeakCheck;
import io.pushgate.testkit.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.nio.charset.StandardCharsets;
import java.util.Random;

@ExtendWith(LeakCheck.class)
class PushFramesTest {
    private final Random random = Seeds.random();

    /** Any number of digits. */
    private long number() {
        return random.nextLong(Long.MAX_VALUE) >> random.nextInt(63);
    }

    @Test
    void areWhatTheCodecWritesInAFrameOfThatLength() {
        for (int i = 0; i < 500; i++) {
            int size = i % 50 == 0 ? 70_000 : random.nextInt(600);
            String json = "\"" + "x".repeat(size) + "\"";
            byte[] data = json.getBytes(StandardCharsets.UTF_8);
            String id = "m".repeat(1 + random.nextInt(128));
            Message message = new Message(id, number(), number(), false, false, data);
            Position position = new Position(number(), number());
            boolean again = random.nextBoolean();
            byte[] text =
                    ServerFrameCodec.encode(
                            new ServerFrame.Push(
                                    position, id, message.acceptedAt(), json, again, null));
            assertThat(bytes(PushFrames.encode(ByteBufAllocator.DEFAULT, position, message, again)))
                    .isEqualTo(bytes(WebSocketFrames.text(ByteBufAllocator.DEFAULT, text)));
        }
    }

    @Test
    void neverWriteAnIdThatNeedsEscaping() {
        Message message = new Message("a\"", 1, 2, false, false, new byte[] {'1'});
        assertThatThrownBy(
                        () ->
                                PushFrames.encode(
                                        ByteBufAllocator.DEFAULT, Position.NONE, message, false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] bytes(ByteBuf frame) {
        byte[] bytes = ByteBufUtil.getBytes(frame);
        frame.release();
        return bytes;
    }
}
