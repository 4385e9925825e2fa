package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.pushgate.protocol.CloseReason;
import io.pushgate.testkit.LeakCheck;
import io.pushgate.testkit.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** The frames it finds, and the breaches, are those that Netty's strict decoder finds. */
@ExtendWith(LeakCheck.class)
class FrameReaderTest {
    private static final int MAX = 300;
    private static final int ROUNDS = 1_500;

    private final Random random = Seeds.random();

    @Test
    void agreesWithNettyHoweverTheBytesAreCut() {
        int breaches = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = stream();
            List<String> found = read(bytes);
            assertThat(found)
                    .as(() -> HexFormat.of().formatHex(bytes))
                    .isEqualTo(readByNetty(bytes));
            breaches += found.toString().contains("breach") ? 1 : 0;
        }
        assertThat(breaches).isBetween(ROUNDS / 10, ROUNDS * 9 / 10); // both kinds were tried
    }

    @Test
    void holdsNothingBetweenFrames() {
        FrameReader reader = new FrameReader(MAX);
        Collected collected = new Collected();
        byte[] frame = RawClient.frame(0x81, true, new byte[20]);
        ByteBuf whole = Unpooled.copiedBuffer(frame);
        reader.read(whole, collected);
        assertThat(whole.refCnt()).isZero();
        ByteBuf head = Unpooled.copiedBuffer(frame, 0, 7);
        reader.read(head, collected);
        assertThat(head.refCnt()).isZero();
        reader.read(Unpooled.copiedBuffer(frame, 7, frame.length - 7), collected);
        assertThat(collected.events).hasSize(2);
        reader.read(Unpooled.copiedBuffer(frame, 0, 7), collected);
        reader.close(); // the leak check would see what it still held
        reader.read(Unpooled.copiedBuffer(frame), collected);
        assertThat(collected.events).hasSize(2);
    }

    private List<String> read(byte[] bytes) {
        FrameReader reader = new FrameReader(MAX);
        Collected collected = new Collected();
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(40));
            ByteBuf part = UnpooledByteBufAllocator.DEFAULT.buffer(length);
            reader.read(part.writeBytes(bytes, at, length), collected);
            at += length;
        }
        reader.close();
        return collected.events;
    }

    private static List<String> readByNetty(byte[] bytes) {
        List<String> events = new ArrayList<>();
        EmbeddedChannel channel =
                new EmbeddedChannel(
                        new WebSocket13FrameDecoder(
                                WebSocketDecoderConfig.newBuilder()
                                        .expectMaskedFrames(true)
                                        .allowMaskMismatch(false)
                                        .allowExtensions(false)
                                        .maxFramePayloadLength(MAX)
                                        .closeOnProtocolViolation(false)
                                        .build()));
        try {
            channel.writeInbound(Unpooled.copiedBuffer(bytes));
        } catch (CorruptedFrameException breach) {
            int code = ((CorruptedWebSocketFrameException) breach).closeStatus().code();
            collect(channel, events);
            events.add("breach " + code);
        }
        collect(channel, events);
        channel.finishAndReleaseAll();
        return events;
    }

    private static void collect(EmbeddedChannel channel, List<String> events) {
        for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
            WebSocketFrame frame = (WebSocketFrame) next;
            byte[] payload = ByteBufUtil.getBytes(frame.content());
            events.add(
                    frame instanceof CloseWebSocketFrame && isCutOff(payload)
                            ? "breach 1007"
                            : event(opcode(frame), frame.isFinalFragment(), payload));
            frame.release();
        }
    }

    /** Netty lets a reason pass that ends amid a character; we do not. */
    private static boolean isCutOff(byte[] closePayload) {
        return closePayload.length > 2
                && StrictUtf8.decode(Arrays.copyOfRange(closePayload, 2, closePayload.length))
                        == null;
    }

    private static int opcode(WebSocketFrame frame) {
        return switch (frame) {
            case ContinuationWebSocketFrame _ -> FrameReader.CONTINUATION;
            case TextWebSocketFrame _ -> FrameReader.TEXT;
            case BinaryWebSocketFrame _ -> FrameReader.BINARY;
            case CloseWebSocketFrame _ -> FrameReader.CLOSE;
            case PingWebSocketFrame _ -> FrameReader.PING;
            default -> FrameReader.PONG;
        };
    }

    private static String event(int opcode, boolean last, byte[] payload) {
        return opcode + (last ? " last " : " ") + HexFormat.of().formatHex(payload);
    }

    /** A few frames, most of them as they should be. */
    private byte[] stream() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean inMessage = false;
        int frames = 1 + random.nextInt(6);
        for (int i = 0; i < frames; i++) {
            boolean last = random.nextInt(3) > 0;
            boolean control = random.nextInt(4) == 0;
            int opcode =
                    control
                            ? FrameReader.CLOSE + random.nextInt(3)
                            : inMessage ? FrameReader.CONTINUATION : 1 + random.nextInt(2);
            inMessage = control ? inMessage : !last;
            byte[] frame =
                    RawClient.frame(
                            opcode | (last || control ? 0x80 : 0), true, payload(opcode, control));
            if (random.nextInt(12) == 0) {
                frame[random.nextInt(Math.min(4, frame.length))] ^= (byte) (1 << random.nextInt(8));
            }
            out.writeBytes(frame);
        }
        return out.toByteArray();
    }

    private byte[] payload(int opcode, boolean control) {
        byte[] payload = new byte[random.nextInt(control ? 20 : MAX + 4)];
        random.nextBytes(payload);
        if (opcode == FrameReader.CLOSE && payload.length > 1) {
            int code = 995 + random.nextInt(25);
            payload[0] = (byte) (code >> 8);
            payload[1] = (byte) code;
            for (int i = 2; i < payload.length && random.nextInt(10) > 0; i++) {
                payload[i] &= (byte) 0x7F;
            }
        }
        return payload;
    }

    private static final class Collected implements FrameReader.Sink {
        private final List<String> events = new ArrayList<>();

        @Override
        public void frame(int opcode, boolean last, ByteBuf bytes, int from, int length) {
            events.add(event(opcode, last, ByteBufUtil.getBytes(bytes, from, length)));
        }

        @Override
        public void violated(CloseReason reason) {
            events.add("breach " + reason.code());
        }
    }
}
