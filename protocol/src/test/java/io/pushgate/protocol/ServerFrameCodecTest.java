package io.pushgate.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;

@Timeout(60)
class ServerFrameCodecTest {
    private static final Position POSITION = new Position(1763712345678L, 0);

    @Test
    void theShortWayWritesTheSameBytes() {
        Samples samples = new Samples(Seeds.random());
        for (int i = 0; i < 1_000; i++) {
            Message any = samples.message();
            Message message = any.with(false, any.payload());
            Position position = samples.position();
            String data = new String(message.payload(), StandardCharsets.UTF_8);
            assertThat(ServerFrameCodec.encodePush("all", position, message))
                    .isEqualTo(
                            ServerFrameCodec.encode(
                                    new ServerFrame.Push(
                                            position,
                                            message.id(),
                                            message.acceptedAt(),
                                            data,
                                            false,
                                            "all")));
        }
    }

    @Test
    void cutsTheDataOutVerbatimWhereverItStands() throws Exception {
        Samples samples = new Samples(Seeds.random());
        for (int i = 0; i < 5_000; i++) {
            String data = samples.json();
            String json =
                    "{\"t\":\"push\",\"pos\":\"1763712345678-0\",\"data\":%s%s%s,\"id\":\"a\",\"at\":1}"
                            .formatted(samples.space(), data, samples.space());
            assertThat(ServerFrameCodec.decode(json))
                    .isEqualTo(new ServerFrame.Push(POSITION, "a", 1, data, false, null));
        }
    }

    @Test
    void ignoresFieldsOfALaterVersion() throws Exception {
        assertThat(ServerFrameCodec.decode("{\"new\":{\"t\":[1]},\"t\":\"pong\",\"x\":\"y\"}"))
                .isEqualTo(new ServerFrame.Pong());
    }

    @Test
    void refusesTypesOfALaterVersion() {
        assertThatThrownBy(() -> ServerFrameCodec.decode("{\"t\":\"news\"}"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "the frame has the unknown t \"news\": known are welcome, push, recall, goaway, reset,"
                                + " pong, error");
    }

    @Test
    void theLargestPushFitsIntoTheBound() {
        String data = " ".repeat(PushRequestCodec.MAX_DATA_BYTES);
        Position position = new Position(Long.MAX_VALUE, Long.MAX_VALUE);
        ServerFrame.Push largest =
                new ServerFrame.Push(position, "i".repeat(128), Long.MAX_VALUE, data, true, null);
        assertThat(ServerFrameCodec.encode(largest))
                .hasSizeLessThanOrEqualTo(ServerFrameCodec.MAX_FRAME_BYTES);
    }

    @Test
    void neverWritesAnIdThatNeedsEscaping() {
        Message message = new Message("a\"", 1, 2, false, false, new byte[] {'1'});
        assertThatThrownBy(() -> ServerFrameCodec.encodePush("all", POSITION, message))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void escapesHalfASurrogatePair() throws Exception {
        ServerFrame frame = new ServerFrame.Failure("\uDC00", "a\uD800b😀\uD83D");
        byte[] encoded = ServerFrameCodec.encode(frame);
        assertThat(encoded)
                .isEqualTo(
                        "{'t':'error','code':'\\udc00','message':'a\\ud800b😀\\ud83d'}"
                                .replace('\'', '"')
                                .getBytes(StandardCharsets.UTF_8));
        assertThat(ServerFrameCodec.decode(new String(encoded, StandardCharsets.UTF_8)))
                .isEqualTo(frame);
    }
}
