package io.pushgate.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What each codec writes, byte for byte, in files under {@code golden}: other implementations and
 * later versions are held to them. In the hex files {@code #} starts a comment.
 */
class GoldenVectorTest {
    private static final DeviceKey DEVICE = new DeviceKey("shop", "pos-7");
    private static final Route ROUTE = new Route("n1", 1763712345678901L);
    private static final Position POSITION = new Position(1763712345678L, 0);
    private static final long AT = 1763712345670L;
    private static final Delivery.Push PUSH =
            new Delivery.Push(
                    DEVICE,
                    ROUTE,
                    POSITION,
                    new Position(1763712345600L, 3),
                    new Message(
                            "order-42-paid",
                            AT,
                            1763715945670L,
                            true,
                            false,
                            utf8("{\"any\":\"JSON\"}")));
    private static final Delivery PACKED =
            new Delivery.Push(
                    DEVICE,
                    ROUTE,
                    POSITION,
                    PUSH.previous(),
                    PUSH.message().with(true, HexFormat.of().parseHex("28b52ffd20037b2261")));
    private static final Delivery REDELIVER = new Delivery.Redeliver(DEVICE, ROUTE, 3);
    private static final StageTimes TIMES = new StageTimes(1763712345000L, AT, 0);
    private static final Broadcast BROADCAST =
            new Broadcast(
                    LogKey.group("shop", "tills"),
                    POSITION,
                    new Position(1763712345600L, 3),
                    Set.of("pos", "pc"),
                    new Message("sale-1", AT, 1763715945670L, true, false, utf8("[1]")));

    record Vector<T>(String file, Codec<T> codec, T value) {
        @Override
        public String toString() {
            return file;
        }
    }

    static List<Vector<?>> vectors() {
        List<Vector<?>> vectors = new ArrayList<>();
        vectors.addAll(requests());
        vectors.addAll(binaries());
        vectors.addAll(receipts());
        vectors.addAll(frames());
        return vectors;
    }

    private static List<Vector<?>> requests() {
        return List.of(
                new Vector<>(
                        "request-minimal.json",
                        Codec.REQUEST,
                        PushRequest.of(
                                "a", "shop", new Target.Device("pos-7", Set.of()), utf8("null"))),
                new Vector<>(
                        "request-full.json",
                        Codec.REQUEST,
                        new PushRequest(
                                "order-42-paid",
                                "shop",
                                new Target.Devices(
                                        List.of("pos-7", "pos-8"),
                                        new LinkedHashSet<>(List.of("pos", "pc"))),
                                utf8("{ \"any\" : \"JSON é\" }"),
                                Duration.ofHours(1),
                                Priority.HIGH,
                                "order-42",
                                true,
                                true)),
                new Vector<>(
                        "request-user.json",
                        Codec.REQUEST,
                        new PushRequest(
                                "b",
                                "shop",
                                new Target.User("ann@example.org", Set.of()),
                                utf8("\"hi\""),
                                PushRequest.MAX_TTL,
                                Priority.BULK,
                                null,
                                false,
                                false)),
                new Vector<>(
                        "request-scheduled.json",
                        Codec.REQUEST,
                        PushRequest.of("e", "shop", new Target.Group("tills", Set.of()), utf8("1"))
                                .withDeliverAt(1763798400000L)
                                .withCancelOn(PushRequest.CancelOn.FIRST_ACK)),
                new Vector<>(
                        "request-group.json",
                        Codec.REQUEST,
                        PushRequest.of(
                                "c",
                                "shop",
                                new Target.Group("tills", Set.of()),
                                utf8("[1,2.50,-3e4]"))),
                new Vector<>(
                        "request-all.json",
                        Codec.REQUEST,
                        PushRequest.of("d", "shop", new Target.All(Set.of("web")), utf8("true"))
                                .withTtl(Duration.ofSeconds(1))));
    }

    private static List<Vector<?>> binaries() {
        return List.of(
                new Vector<>("delivery-push.hex", Codec.DELIVERY, PUSH),
                new Vector<>("delivery-push-compressed.hex", Codec.DELIVERY, PACKED),
                new Vector<>("delivery-redeliver.hex", Codec.DELIVERY, REDELIVER),
                new Vector<>(
                        "delivery-disconnect.hex",
                        Codec.DELIVERY,
                        new Delivery.Disconnect(DEVICE, ROUTE, CloseReason.KICKED)),
                new Vector<>(
                        "delivery-recall.hex",
                        Codec.DELIVERY,
                        new Delivery.Recall(DEVICE, ROUTE, POSITION, "order-42-paid")),
                new Vector<>(
                        "delivery-regroup.hex",
                        Codec.DELIVERY,
                        new Delivery.Regroup(DEVICE, ROUTE)),
                new Vector<>("broadcast.hex", Codec.BROADCAST, BROADCAST),
                new Vector<>("stage-times.hex", Codec.STAGE_TIMES, TIMES),
                new Vector<>(
                        "node-batch.hex",
                        Codec.NODE_MESSAGE,
                        new NodeMessage.Batch(
                                "replies",
                                List.of(
                                        new NodeMessage.Timed(PUSH, TIMES),
                                        new NodeMessage.Timed(REDELIVER, StageTimes.NONE)))),
                new Vector<>(
                        "node-batch-bulk.hex",
                        Codec.NODE_MESSAGE,
                        new NodeMessage.Batch(
                                "",
                                Priority.BULK,
                                List.of(new NodeMessage.Timed(REDELIVER, StageTimes.NONE)))),
                new Vector<>(
                        "node-broadcasts.hex",
                        Codec.NODE_MESSAGE,
                        new NodeMessage.Broadcasts(
                                List.of(new NodeMessage.TimedBroadcast(BROADCAST, TIMES)))),
                new Vector<>(
                        "node-recalled.hex",
                        Codec.NODE_MESSAGE,
                        new NodeMessage.Recalled(LogKey.all("shop"), POSITION, "sale-1", 3)),
                new Vector<>("node-probe.hex", Codec.NODE_MESSAGE, new NodeMessage.Probe(-1)),
                new Vector<>(
                        "node-bounce.hex",
                        Codec.NODE_MESSAGE,
                        new NodeMessage.Bounce(
                                "n2",
                                List.of(new NodeMessage.Missed(DEVICE, new Route("n1", 42))))));
    }

    private static List<Vector<?>> receipts() {
        return List.of(
                new Vector<>(
                        "receipt-accepted.json",
                        Codec.RECEIPT,
                        Receipt.of("order-42-paid", DEVICE, Receipt.Status.ACCEPTED, AT)),
                new Vector<>(
                        "receipt-unacked.json",
                        Codec.RECEIPT,
                        new Receipt(
                                "order-42-paid",
                                "shop",
                                "pos-7",
                                Receipt.Status.UNACKED,
                                AT,
                                5,
                                null)),
                new Vector<>(
                        "receipt-rejected.json",
                        Codec.RECEIPT,
                        new Receipt(
                                "order-42-paid",
                                "shop",
                                null,
                                Receipt.Status.REJECTED,
                                AT,
                                0,
                                "ttl must be a \"number\" – not ä")));
    }

    private static List<Vector<?>> frames() {
        return List.of(
                new Vector<>(
                        "server-welcome.json",
                        Codec.SERVER_FRAME,
                        new ServerFrame.Welcome("n1-42", 30000, 64)),
                push("server-push.json", "{\"any\":\"JSON\"}", false, null),
                push("server-push-again.json", "\"text\"", true, null),
                push("server-push-log.json", "[1, 2]", true, "all"),
                new Vector<>(
                        "server-recall-log.json",
                        Codec.SERVER_FRAME,
                        new ServerFrame.Recall(POSITION, "sale-1", "all")),
                new Vector<>(
                        "server-recall.json",
                        Codec.SERVER_FRAME,
                        new ServerFrame.Recall(POSITION, "order-42-paid", null)),
                new Vector<>(
                        "server-goaway.json",
                        Codec.SERVER_FRAME,
                        new ServerFrame.Goaway("drain", 1200)),
                new Vector<>(
                        "server-goaway-url.json",
                        Codec.SERVER_FRAME,
                        new ServerFrame.Goaway("balance", 4700, "//a2.example.com:8080")),
                new Vector<>(
                        "server-reset.json",
                        Codec.SERVER_FRAME,
                        new ServerFrame.Reset("g.tills", POSITION)),
                new Vector<>("server-pong.json", Codec.SERVER_FRAME, new ServerFrame.Pong()),
                new Vector<>(
                        "server-error.json",
                        Codec.SERVER_FRAME,
                        new ServerFrame.Failure("bad_frame", "the frame has the unknown t \"x\"")),
                new Vector<>(
                        "client-ack.json", Codec.CLIENT_FRAME, new ClientFrame.Ack(POSITION, null)),
                new Vector<>(
                        "client-ack-log.json",
                        Codec.CLIENT_FRAME,
                        new ClientFrame.Ack(POSITION, "all")),
                new Vector<>("client-ping.json", Codec.CLIENT_FRAME, new ClientFrame.Ping()));
    }

    private static Vector<ServerFrame> push(
            String file,
            String data,
            boolean again,
            @org.jspecify.annotations.Nullable String log) {
        return new Vector<>(
                file,
                Codec.SERVER_FRAME,
                new ServerFrame.Push(POSITION, "order-42-paid", AT, data, again, log));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void isWrittenAndRead(Vector<?> vector) throws Exception {
        check(vector);
    }

    private static <T> void check(Vector<T> vector) throws Exception {
        byte[] golden = golden(vector.file());
        byte[] encoded = vector.codec().encoder().apply(vector.value());
        if (vector.file().endsWith(".hex")) {
            assertThat(HexFormat.of().formatHex(encoded))
                    .isEqualTo(HexFormat.of().formatHex(golden));
        } else {
            assertThat(new String(encoded, StandardCharsets.UTF_8))
                    .isEqualTo(new String(golden, StandardCharsets.UTF_8));
        }
        assertThat(vector.codec().decoder().decode(golden)).isEqualTo(vector.value());
    }

    private static byte[] golden(String file) throws IOException {
        String content;
        try (InputStream in = GoldenVectorTest.class.getResourceAsStream("/golden/" + file)) {
            content =
                    new String(
                            Objects.requireNonNull(in, file).readAllBytes(),
                            StandardCharsets.UTF_8);
        }
        return file.endsWith(".hex")
                ? HexFormat.of().parseHex(content.replaceAll("#.*", "").replaceAll("\\s", ""))
                : utf8(content.stripTrailing());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
