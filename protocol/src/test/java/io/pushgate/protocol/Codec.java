package io.pushgate.protocol;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/** One codec as the tests that treat all alike see it. */
record Codec<T>(
        String name,
        Function<Samples, T> sample,
        Function<T, byte[]> encoder,
        Decoder<T> decoder,
        Class<? extends Exception> refusal) {

    interface Decoder<T> {
        T decode(byte[] input) throws Exception;
    }

    static final Codec<PushRequest> REQUEST =
            new Codec<>(
                    "request",
                    Samples::request,
                    PushRequestCodec::encode,
                    PushRequestCodec::decode,
                    InvalidRequestException.class);

    static final Codec<Delivery> DELIVERY =
            new Codec<>(
                    "delivery",
                    Samples::delivery,
                    DeliveryCodec::encode,
                    DeliveryCodec::decode,
                    InvalidInputException.class);

    static final Codec<Broadcast> BROADCAST =
            new Codec<>(
                    "broadcast",
                    Samples::broadcast,
                    BroadcastCodec::encode,
                    BroadcastCodec::decode,
                    InvalidInputException.class);

    static final Codec<NodeMessage> NODE_MESSAGE =
            new Codec<>(
                    "node message",
                    Samples::nodeMessage,
                    NodeMessageCodec::encode,
                    NodeMessageCodec::decode,
                    InvalidInputException.class);

    static final Codec<StageTimes> STAGE_TIMES =
            new Codec<>(
                    "stage times",
                    Samples::times,
                    StageTimesCodec::encode,
                    StageTimesCodec::decode,
                    InvalidInputException.class);

    static final Codec<Receipt> RECEIPT =
            new Codec<>(
                    "receipt",
                    Samples::receipt,
                    ReceiptCodec::encode,
                    ReceiptCodec::decode,
                    InvalidInputException.class);

    static final Codec<ServerFrame> SERVER_FRAME =
            new Codec<>(
                    "server frame",
                    Samples::serverFrame,
                    ServerFrameCodec::encode,
                    input -> ServerFrameCodec.decode(text(input)),
                    InvalidInputException.class);

    static final Codec<ClientFrame> CLIENT_FRAME =
            new Codec<>(
                    "client frame",
                    Samples::clientFrame,
                    ClientFrameCodec::encode,
                    input -> ClientFrameCodec.decode(text(input)),
                    InvalidInputException.class);

    static final Codec<Position> POSITION =
            new Codec<>(
                    "position",
                    Samples::position,
                    position -> position.toString().getBytes(StandardCharsets.UTF_8),
                    input -> Position.parse(text(input)),
                    InvalidInputException.class);

    static final Codec<DeviceKey> DEVICE_KEY =
            new Codec<>(
                    "device key",
                    Samples::device,
                    device -> device.toString().getBytes(StandardCharsets.UTF_8),
                    input -> DeviceKey.parse(text(input)),
                    InvalidInputException.class);

    static List<Codec<?>> all() {
        return List.of(
                REQUEST,
                DELIVERY,
                BROADCAST,
                NODE_MESSAGE,
                STAGE_TIMES,
                RECEIPT,
                SERVER_FRAME,
                CLIENT_FRAME,
                POSITION,
                DEVICE_KEY);
    }

    @Override
    public String toString() {
        return name;
    }

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }
}
