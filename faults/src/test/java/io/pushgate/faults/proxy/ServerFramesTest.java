package io.pushgate.faults.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

class ServerFramesTest {
    private static final String HEAD =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";

    @Test
    void cutsFramesHoweverTheBytesCome() {
        String middle = "m".repeat(300);
        String large = "l".repeat(70_000);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(HEAD.getBytes(UTF_8));
        frame(bytes, 1, "short");
        frame(bytes, 10, "a pong is no message");
        frame(bytes, 1, middle);
        frame(bytes, 1, "");
        frame(bytes, 1, large);
        for (int size : new int[] {1, 2, 7, 1_000, 100_000}) {
            assertThat(read(bytes.toByteArray(), size)).containsExactly("short", middle, "", large);
        }
    }

    private static List<String> read(byte[] bytes, int size) {
        List<String> messages = new ArrayList<>();
        ServerFrames frames = new ServerFrames(messages::add);
        for (int at = 0; at < bytes.length; at += size) {
            frames.bytes(bytes, at, Math.min(size, bytes.length - at));
        }
        return messages;
    }

    private static void frame(ByteArrayOutputStream out, int opcode, String text) {
        byte[] payload = text.getBytes(UTF_8);
        out.write(0x80 | opcode);
        if (payload.length < 126) {
            out.write(payload.length);
        } else if (payload.length < 65_536) {
            out.write(126);
            out.write(payload.length >> 8);
            out.write(payload.length);
        } else {
            out.write(127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) payload.length >> shift));
            }
        }
        out.writeBytes(payload);
    }
}
