package io.pushgate.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

class BinaryCodecTest {
    private static final DeviceKey DEVICE = new DeviceKey("a", "d");
    private static final Route ROUTE = new Route("n", 1);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                    | the delivery ends too early",
                "02                    | the delivery has the unknown version 2",
                "01 06 0161 0164 016e 01 00 | the delivery holds the unknown kind of delivery 6",
                "01 02 7f              | the delivery has a bad app: at most 64 is allowed",
                "01 02 40              | the delivery ends too early",
                "01 02 0120            | the delivery ends too early",
                "01 02 0120 0164 016e 01 00 | the delivery holds a malformed app or device name",
                "01 02 01ff 0164 016e 01 00 | the delivery has a bad app: it is not UTF-8",
                "01 02 0161 0164 012f 01 00 | the delivery holds a malformed node name",
                "01 02 0161 0164 016e 8000 00 | the delivery holds a malformed number",
                "01 02 0161 0164 016e ffffffffffffffffff02 | the delivery holds a malformed number",
                "01 02 0161 0164 016e 01 ffffffffffffffffff01 | the delivery has a bad attempt",
                "01 02 0161 0164 016e 01 00 00 | the delivery is followed by bytes that do not",
                "01 82 0161 0164 016e 01 00 812000 | the delivery has a bad extension: at most 4096",
                "01 82 0161 0164 016e 01 00 0201 | the delivery ends too early",
                "01 82 0161 0164 016e 01 00 010900 | the delivery is followed by bytes that do not",
                "01 86 0161 0164 016e 01 00 0109 | the delivery holds the unknown kind of delivery 6",
                "01 03 0161 0164 016e 01 07 | the delivery holds the unknown close code 7",
                "01 01 0161 0164 016e 01 00 00 00 00 0169 00 00 08 00 | the delivery holds unknown",
                "01 01 0161 0164 016e 01 00 00 00 00 0169 00 00 00 818004 | the delivery has a bad payload"
            })
    void refusesABadDelivery(String hex, String message) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertThatThrownBy(() -> DeliveryCodec.decode(bytes))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "01 63             | the node message holds the unknown kind of message 99",
                "01 01 00 808004   | the node message ends too early",
                "01 01 00 818004   | the node message has a bad batch",
                "01 01 00 ffffffff7f | the node message has a bad batch",
                "01 03 016e 01 00  | the node message ends too early"
            })
    void refusesABadCountBeforeItAllocates(String hex, String message) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertThatThrownBy(() -> NodeMessageCodec.decode(bytes))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void fieldsOfALaterReleaseAreLeftOut() throws Exception {
        Delivery delivery = new Delivery.Redeliver(DEVICE, ROUTE, 3);
        String fields = "0161 0164 016e 01 03";
        assertThat(DeliveryCodec.decode(bytes("01 82 " + fields + " 03aabbcc")))
                .isEqualTo(delivery);

        NodeMessage.Timed timed = new NodeMessage.Timed(delivery, StageTimes.NONE);
        assertThat(
                        NodeMessageCodec.decode(
                                bytes(
                                        "01 81 00 02 000000 82 %s 03aabbcc 000000 02 %s 01dd"
                                                .formatted(fields, fields))))
                .isEqualTo(new NodeMessage.Batch("", List.of(timed, timed)));

        assertThat(StageTimesCodec.decode(new byte[] {1, 1, 2, 3, 4}))
                .isEqualTo(new StageTimes(1, 2, 3));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @Test
    void holdsAsManyItemsAsItSays() throws Exception {
        NodeMessage.Missed missed = new NodeMessage.Missed(DEVICE, ROUTE);
        NodeMessage full =
                new NodeMessage.Bounce(
                        "n", Collections.nCopies(NodeMessageCodec.MAX_ITEMS, missed));
        assertThat(NodeMessageCodec.decode(NodeMessageCodec.encode(full))).isEqualTo(full);
        NodeMessage tooMany =
                new NodeMessage.Bounce(
                        "n", Collections.nCopies(NodeMessageCodec.MAX_ITEMS + 1, missed));
        assertThatThrownBy(() -> NodeMessageCodec.encode(tooMany))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theSmallestItemsAreAsSmallAsTheCountCheckAssumes() throws Exception {
        Delivery smallest = new Delivery.Regroup(DEVICE, ROUTE);
        assertThat(DeliveryCodec.encode(smallest)).hasSize(1 + DeliveryCodec.MIN_BYTES);
        NodeMessage batch =
                new NodeMessage.Batch(
                        "", List.of(new NodeMessage.Timed(smallest, StageTimes.NONE)));
        assertThat(NodeMessageCodec.decode(NodeMessageCodec.encode(batch))).isEqualTo(batch);
        NodeMessage bounce =
                new NodeMessage.Bounce("n", List.of(new NodeMessage.Missed(DEVICE, ROUTE)));
        assertThat(NodeMessageCodec.decode(NodeMessageCodec.encode(bounce))).isEqualTo(bounce);
    }

    @Test
    void oddTimesReadAsNone() {
        assertThat(StageTimesCodec.decode(null)).isEqualTo(StageTimes.NONE);
        assertThat(StageTimesCodec.decode(new byte[0])).isEqualTo(StageTimes.NONE);
        assertThat(StageTimesCodec.decode(new byte[] {2, 1, 1, 1})).isEqualTo(StageTimes.NONE);
        assertThat(StageTimesCodec.decode(new byte[] {1, 1, 2, 3}))
                .isEqualTo(new StageTimes(1, 2, 3));
    }

    @Test
    void aRecordWithoutATimeDoesNotSpoilTheOtherTimes() {
        byte[] encoded = StageTimesCodec.encode(new StageTimes(-1, 5, 6));
        assertThat(StageTimesCodec.decode(encoded)).isEqualTo(new StageTimes(0, 5, 6));
    }
}
