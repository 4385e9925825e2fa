package io.pushgate.loadtest.agent;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.protocol.Position;
import io.pushgate.protocol.ServerFrame;
import io.pushgate.protocol.ServerFrameCodec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PushScanTest {
    private static final String DATA =
            "{\"m\":17,\"s\":1763712345678123,\"p\":1763712345678456,\"pad\":\"xy\"}";

    private final PushScan scan = new PushScan("r1");

    @Test
    void readsWhatTheGatewayWrites() {
        for (boolean again : new boolean[] {false, true}) {
            byte[] frame =
                    ServerFrameCodec.encode(
                            new ServerFrame.Push(
                                    new Position(1763712345679L, 2),
                                    "r1-17",
                                    9,
                                    DATA,
                                    again,
                                    null));
            assertThat(scan.read(frame, frame.length)).isTrue();
            assertThat(scan.millis).isEqualTo(1763712345679L);
            assertThat(scan.sequence).isEqualTo(2);
            assertThat(scan.message).isEqualTo(17);
            assertThat(scan.due).isEqualTo(1763712345678123L);
            assertThat(scan.stored).isEqualTo(1763712345678456L);
        }
    }

    @Test
    void anyOtherOrderOfTheFieldsIsNormalized() throws Exception {
        String text =
                "{\"id\":\"r1-17\",\"data\":"
                        + DATA
                        + ",\"new\":1,\"at\":9,\"pos\":\"5-2\",\"t\":\"push\"}";
        byte[] frame = text.getBytes(UTF_8);
        assertThat(scan.read(frame, frame.length)).isFalse();
        assertThat(PushScan.decode(frame)).isInstanceOf(ServerFrame.Push.class);
        byte[] normal = PushScan.normalize((ServerFrame.Push) PushScan.decode(frame));
        assertThat(scan.read(normal, normal.length)).isTrue();
        assertThat(scan.millis).isEqualTo(5);
        assertThat(scan.message).isEqualTo(17);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"t\":\"pong\"}",
                "{\"t\":\"push\",\"pos\":\"5\",\"id\":\"r1-17\",\"at\":9,\"data\":1}",
                "{\"t\":\"push\",\"pos\":\"5-2\",\"id\":\"r2-17\",\"at\":9,\"data\":{\"m\":17,\"s\":1,\"p\":2,\"pad\":\"\"}}",
                "{\"t\":\"push\",\"pos\":\"5-2\",\"id\":\"r1-18\",\"at\":9,\"data\":{\"m\":17,\"s\":1,\"p\":2,\"pad\":\"\"}}",
                "{\"t\":\"push\",\"pos\":\"5-2\",\"id\":\"r1-17\",\"at\":9,\"data\":{\"m\":17,\"s\":1}}",
                "{\"t\":\"push\",\"pos\":\"5-2\",\"id\":\"r1-9999999999\",\"at\":9,\"data\":{\"m\":9999999999,\"s\":1,\"p\":2,\"pad\":\"\"}}",
                "{\"t\":\"push\",\"pos\":\"99999999999999999999999-2\",\"id\":\"r1-17\",\"at\":9,\"data\":{\"m\":17,\"s\":1,\"p\":2,\"pad\":\"\"}}",
                "{\"t\":\"push\",\"pos\":\"5-2\",\"id\":\"r1-17\",\"at\":9,\"log\":\"all\",\"data\":{\"m\":17,\"s\":1,\"p\":2,\"pad\":\"\"}}"
            })
    void anythingElseIsNoPushOfThisRun(String text) {
        byte[] frame = text.getBytes(UTF_8);
        assertThat(scan.read(frame, frame.length)).isFalse();
    }

    @Test
    void aCutFrameIsNone() {
        byte[] frame =
                ServerFrameCodec.encode(
                        new ServerFrame.Push(new Position(5, 2), "r1-17", 9, DATA, false, null));
        int whole = new String(frame, UTF_8).indexOf("xy");
        for (int length = 0; length < whole; length++) {
            assertThat(scan.read(frame, length)).isFalse();
        }
        assertThat(scan.read(frame, whole)).isTrue();
    }
}
