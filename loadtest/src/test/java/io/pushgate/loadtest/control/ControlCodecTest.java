package io.pushgate.loadtest.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.loadtest.control.ControlMessage.Assign;
import io.pushgate.loadtest.control.ControlMessage.Report;
import io.pushgate.loadtest.control.ControlMessage.Slot;
import io.pushgate.loadtest.control.ControlMessage.Stall;
import io.pushgate.protocol.InvalidInputException;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;

class ControlCodecTest {
    private static final Report REPORT =
            new Report(
                    new Counts(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14),
                    List.of(new Slot(3, "a", "b")),
                    List.of(new Stall(1, 2)),
                    "trouble \"quoted\"\n");

    static Stream<ControlMessage> messages() {
        Plan plan = new Plan("r", "load", -1, Shape.MIXED, 10, 2, 20, 5);
        return Stream.of(
                new ControlMessage.Hello(1),
                new ControlMessage.Ready("m", 7, 19_750),
                new ControlMessage.Refused("busy"),
                new ControlMessage.Ask(1),
                new ControlMessage.Clock(1, 2),
                new Assign(plan, 5, 5, List.of("ws://a:1"), List.of("127.0.0.2"), 9, -3, true),
                new ControlMessage.Tokens(List.of("x", "y")),
                new ControlMessage.Connect(),
                REPORT,
                new ControlMessage.Finish(),
                new ControlMessage.Result(REPORT, "bits"));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void isOneLineThatReadsTheSame(ControlMessage message) throws Exception {
        byte[] line = ControlCodec.encode(message);
        assertThat(new String(line, UTF_8)).endsWith("\n").hasLineCount(1);
        assertThat(ControlCodec.decode(line)).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "null",
                "[]",
                "{}",
                "{\"t\":\"hello\"}",
                "{\"t\":\"hello\",\"version\":null}",
                "{\"t\":\"hello\",\"version\":\"one\"}",
                "{\"t\":\"hello\",\"version\":1.5}",
                "{\"t\":\"hello\",\"version\":1,\"more\":2}",
                "{\"t\":\"hello\",\"version\":1} {}",
                "{\"t\":\"goodbye\"}",
                "{\"t\":\"tokens\",\"tokens\":[null]}",
                "{\"t\":\"assign\",\"plan\":{},\"first\":0}",
                "{\"t\":\"assign\",\"plan\":{\"run\":\"r\",\"app\":\"a\",\"seed\":1,\"shape\":\"UNICAST\","
                        + "\"connections\":0,\"devicesPerUser\":1,\"messages\":1,\"rate\":1},\"first\":0,"
                        + "\"count\":1,\"urls\":[],\"sources\":[],\"ramp\":1,\"clock\":0,\"watch\":true}",
                "\u0000\u0001"
            })
    void refusesAnythingElseInOneLine(String line) {
        assertThatThrownBy(() -> ControlCodec.decode(line.getBytes(UTF_8)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("not a control message")
                .message()
                .hasLineCount(1);
    }

    @Test
    void histogramsAndBitsSurvive() throws Exception {
        Histogram histogram = Packed.histogram();
        histogram.recordValueWithCount(1_500, 3);
        assertThat(Packed.histogram(Packed.histogram(histogram))).isEqualTo(histogram);
        BitSet bits = new BitSet();
        bits.set(3, 90_000);
        assertThat(Packed.bits(Packed.bits(bits), 90_000)).isEqualTo(bits);
    }

    @Test
    void whatIsNoHistogramOrTooManyBitsIsInvalid() {
        BitSet bits = new BitSet();
        bits.set(1_000);
        assertThatThrownBy(() -> Packed.bits(Packed.bits(bits), 1_000))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> Packed.bits("!", 10)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> Packed.histogram("AAAA"))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> Packed.histogram("")).isInstanceOf(InvalidInputException.class);
    }
}
