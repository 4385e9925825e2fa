package io.pushgate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {
    @ParameterizedTest
    @ValueSource(ints = {Payload.MIN_BYTES, 512, 65_536})
    void hasTheSizeAskedForAndComesBackWhole(int bytes) {
        for (Payload payload :
                new Payload[] {new Payload(0, 1), new Payload(999_999_999, 999_999_999)}) {
            byte[] text = payload.encode(bytes);
            assertThat(text).hasSize(bytes);
            assertThat(Payload.decode(new String(text, US_ASCII))).isEqualTo(payload);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"message\":1,\"sequence\":2}",
                "{\"message\":-1,\"sequence\":2,\"pad\":\"\"}",
                "{\"message\":9999999999,\"sequence\":2,\"pad\":\"\"}"
            })
    void knowsWhatItDidNotWrite(String text) {
        assertThat(Payload.decode(text)).isNull();
    }

    @Test
    void idsBelongToOneRun() {
        RunNames names = new RunNames("abc");
        assertThat(names.messageOf(names.message(17), 18)).isEqualTo(17);
        assertThat(names.messageOf(names.message(17), 17)).isEqualTo(-1);
        for (String other : new String[] {"abc", "abc-", "abcd-1", "xyz-1", "abc-1x", "abc--1"}) {
            assertThat(names.messageOf(other, 100)).as(other).isEqualTo(-1);
        }
    }
}
