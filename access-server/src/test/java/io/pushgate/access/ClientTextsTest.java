package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.pushgate.protocol.ClientFrame;
import io.pushgate.protocol.ClientFrameCodec;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Position;
import io.pushgate.testkit.Seeds;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Random;

class ClientTextsTest {
    private final Random random = Seeds.random();

    @Test
    void recognisesWhatClientsWrite() {
        assertThat(isPing(encode(new ClientFrame.Ping()))).isTrue();
        for (int i = 0; i < 200; i++) {
            Position position = new Position(random.nextLong(1L << 59), random.nextInt(1_000));
            assertThat(ack(encode(new ClientFrame.Ack(position, null)))).isEqualTo(position);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"t\":\"ping\"} ",
                "{\"t\":\"ack\",\"pos\":\"\"}",
                "{\"t\":\"ack\",\"pos\":\"1\"}",
                "{\"t\":\"ack\",\"pos\":\"1-\"}",
                "{\"t\":\"ack\",\"pos\":\"-1\"}",
                "{\"t\":\"ack\",\"pos\":\"1-2-3\"}",
                "{\"t\":\"ack\",\"pos\":\"1-2\"",
                "{\"t\":\"ack\",\"pos\":\"1-2\"}}",
                "{\"t\":\"ack\",\"pos\":\"1-2\",\"log\":\"all\"}",
                "{\"t\":\"ack\",\"pos\":\"9223372036854775807-0\"}",
                "{ \"t\":\"ack\",\"pos\":\"1-2\"}"
            })
    void leavesAllElseToTheCodec(String json) {
        assertThat(ack(json)).isNull();
        assertThat(isPing(json)).isFalse();
    }

    /** Whatever is recognised is what the codec reads. */
    @Test
    void neverDisagreesWithTheCodec() {
        String valid = encode(new ClientFrame.Ack(new Position(1_763_712_345_678L, 12), null));
        for (int i = 0; i < 5_000; i++) {
            StringBuilder json = new StringBuilder(valid);
            json.setCharAt(random.nextInt(json.length()), (char) (' ' + random.nextInt(95)));
            Position recognised = ack(json.toString());
            if (recognised != null) {
                assertThat(decode(json.toString()))
                        .isEqualTo(new ClientFrame.Ack(recognised, null));
            }
        }
    }

    private static ClientFrame decode(String json) {
        try {
            return ClientFrameCodec.decode(json);
        } catch (InvalidInputException e) {
            throw new AssertionError(json, e);
        }
    }

    private static String encode(ClientFrame frame) {
        return new String(ClientFrameCodec.encode(frame), StandardCharsets.UTF_8);
    }

    private static @Nullable Position ack(String json) {
        ByteBuf bytes = Unpooled.copiedBuffer(" " + json, StandardCharsets.US_ASCII);
        return ClientTexts.ack(bytes, 1, json.length());
    }

    private static boolean isPing(String json) {
        ByteBuf bytes = Unpooled.copiedBuffer(" " + json, StandardCharsets.US_ASCII);
        return ClientTexts.isPing(bytes, 1, json.length());
    }
}
