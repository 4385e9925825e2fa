package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.access.auth.Keys;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.ServerFrame;
import io.pushgate.testkit.LeakCheck;
import io.pushgate.testkit.Seeds;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Each breach of the protocol ends in exactly one close frame, and nobody else notices. */
@ParameterizedClass
@EnumSource(
        value = AccessConfig.Transport.class,
        names = {"NIO", "EPOLL"})
@ExtendWith(LeakCheck.class)
class HostileFramesTest {
    private static final int FIN = 0x80;
    private static final int RSV1 = 0x40;

    private final String name = "hostile-" + System.nanoTime();
    private final AccessNode node;
    private final RawClient bystander;

    HostileFramesTest(AccessConfig.Transport transport) throws Exception {
        node =
                AccessNode.start(
                        Map.of(
                                "transport", transport.name().toLowerCase(Locale.ROOT),
                                "event-loops", "1",
                                "limits.fragment-deadline", "300ms"));
        bystander = node.open(new DeviceKey("shop", name + "-bystander"));
    }

    @AfterEach
    void othersAreUnaffected() throws Exception {
        try (node;
                bystander) {
            bystander.send("{\"t\":\"ping\"}");
            assertThat(bystander.next()).isEqualTo(new ServerFrame.Pong());
        }
    }

    @Test
    void aFrameOverTheLimit() throws Exception {
        assertCloses(1009, RawClient.frame(FIN | RawClient.TEXT, true, new byte[4_097]));
        assertCloses(1009, RawClient.frame(FIN | RawClient.TEXT, true, new byte[70_000]));
    }

    @Test
    void binary() throws Exception {
        byte[] garbage = new byte[1_000];
        new Random(1).nextBytes(garbage);
        assertCloses(1003, RawClient.frame(FIN | RawClient.BINARY, true, garbage));
    }

    @Test
    void aFloodOfFragments() throws Exception {
        ByteArrayOutputStream flood = new ByteArrayOutputStream();
        flood.writeBytes(RawClient.frame(RawClient.TEXT, true, new byte[0]));
        for (int i = 0; i < 10_000; i++) {
            flood.writeBytes(RawClient.frame(0, true, new byte[0]));
        }
        assertCloses(1009, flood.toByteArray());
    }

    @Test
    void fragmentsThatNeverEnd() throws Exception {
        assertCloses(1008, RawClient.frame(RawClient.TEXT, true, "{".getBytes(UTF_8)));
    }

    @Test
    void anUnmaskedFrame() throws Exception {
        assertCloses(
                1002,
                RawClient.frame(FIN | RawClient.TEXT, false, "{\"t\":\"ping\"}".getBytes(UTF_8)));
    }

    @Test
    void framesThatAreNone() throws Exception {
        byte[] ping = "{\"t\":\"ping\"}".getBytes(UTF_8);
        assertCloses(1002, RawClient.frame(FIN | RSV1 | RawClient.TEXT, true, ping));
        assertCloses(1002, RawClient.frame(FIN | 3, true, ping));
        assertCloses(1002, RawClient.frame(FIN, true, ping)); // continues nothing
        assertCloses(1002, RawClient.frame(RawClient.PING, true, ping)); // a control frame in parts
        assertCloses(1002, RawClient.frame(FIN | RawClient.PING, true, new byte[126]));
        assertCloses(1002, RawClient.frame(FIN | RawClient.CLOSE, true, new byte[] {3}));
        assertCloses(
                1002, RawClient.frame(FIN | RawClient.CLOSE, true, new byte[] {3, (byte) 0xED}));
    }

    @Test
    void whatIsNotUtf8() throws Exception {
        assertCloses(
                1007, RawClient.frame(FIN | RawClient.TEXT, true, new byte[] {(byte) 0xC0, 0x20}));
    }

    @Test
    void whatIsNotAFrameOfOurs() throws Exception {
        try (RawClient client = open()) {
            client.send("[]");
            assertThat(client.next())
                    .isInstanceOfSatisfying(
                            ServerFrame.Failure.class,
                            failure -> assertThat(failure.code()).isEqualTo("bad_frame"));
            assertThat(client.closeCodes()).containsExactly(1008);
        }
    }

    @Test
    void rubbish() throws Exception {
        Random random = Seeds.random();
        for (int i = 0; i < 50; i++) {
            byte[] bytes = new byte[1 + random.nextInt(2_000)];
            random.nextBytes(bytes);
            bytes[0] |= (byte) RSV1;
            if (bytes.length > 1) {
                assertCloses(1002, bytes);
            }
        }
    }

    @Test
    void theClientsOwnCloseIsAnswered() throws Exception {
        try (RawClient client = open()) {
            client.write(RawClient.frame(FIN | RawClient.CLOSE, true, new byte[] {3, (byte) 0xE8}));
            assertThat(client.closeCodes()).containsExactly(1000);
        }
    }

    @Test
    void pingsArePonged() throws Exception {
        try (RawClient client = open()) {
            client.write(RawClient.frame(FIN | RawClient.PING, true, "hello".getBytes(UTF_8)));
            RawClient.Frame pong = client.readFrame();
            assertThat(pong.opcode()).isEqualTo(RawClient.PONG);
            assertThat(new String(pong.payload(), UTF_8)).isEqualTo("hello");
        }
    }

    private RawClient open() throws IOException {
        RawClient client = RawClient.open(node.port(), Keys.token("shop", name));
        client.awaitWelcome();
        return client;
    }

    private void assertCloses(int code, byte[] bytes) throws IOException {
        try (RawClient client = open()) {
            try {
                client.write(bytes);
            } catch (SocketException e) {
                // cut while it was still sending; the close frame may be readable all the same
            }
            assertThat(client.closeCodes()).containsExactly(code);
        }
    }
}
