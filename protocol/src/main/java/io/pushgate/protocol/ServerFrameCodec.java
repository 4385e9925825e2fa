package io.pushgate.protocol;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * The text frames that an access node sends. Fields that a client does not know are ignored: later
 * versions may add some.
 */
public final class ServerFrameCodec {
    /** No frame is longer than a push with the largest payload, UTF-8 bytes. */
    public static final int MAX_FRAME_BYTES = PushRequestCodec.MAX_DATA_BYTES + 1024;

    /** What a push frame holds beside its data, id and log. */
    private static final int PUSH_OVERHEAD = 128;

    private ServerFrameCodec() {}

    public static byte[] encode(ServerFrame frame) {
        return switch (frame) {
            case ServerFrame.Push push ->
                    push(
                            push.position(),
                            push.id(),
                            push.at(),
                            push.again(),
                            push.log(),
                            push.data().getBytes(StandardCharsets.UTF_8));
            case ServerFrame.Welcome welcome ->
                    new JsonWriter()
                            .text("t", "welcome")
                            .text("session", welcome.session())
                            .number("heartbeat", welcome.heartbeat())
                            .number("window", welcome.window())
                            .toBytes();
            case ServerFrame.Recall recall -> {
                JsonWriter out =
                        new JsonWriter()
                                .text("t", "recall")
                                .text("pos", recall.position().toString())
                                .text("id", recall.id());
                String log = recall.log();
                yield (log == null ? out : out.text("log", log)).toBytes();
            }
            case ServerFrame.Goaway goaway -> goaway(goaway);
            case ServerFrame.Reset reset ->
                    new JsonWriter()
                            .text("t", "reset")
                            .text("log", reset.log())
                            .text("pos", reset.position().toString())
                            .toBytes();
            case ServerFrame.Pong ignored -> new JsonWriter().text("t", "pong").toBytes();
            case ServerFrame.Failure failure ->
                    new JsonWriter()
                            .text("t", "error")
                            .text("code", failure.code())
                            .text("message", failure.message())
                            .toBytes();
        };
    }

    private static byte[] goaway(ServerFrame.Goaway goaway) {
        JsonWriter out =
                new JsonWriter()
                        .text("t", "goaway")
                        .text("reason", goaway.reason())
                        .number("after", goaway.after());
        return (goaway.url() == null ? out : out.text("url", goaway.url())).toBytes();
    }

    /**
     * The push frame of a message in a broadcast log, the same for every device that follows it;
     * built without looking into the payload.
     *
     * @throws IllegalArgumentException when the message's id is none
     * @throws IllegalStateException when its payload is compressed
     */
    public static byte[] encodePush(String log, Position position, Message message) {
        return push(
                position, message.id(), message.acceptedAt(), false, log, message.plainPayload());
    }

    private static byte[] push(
            Position position,
            String id,
            long at,
            boolean again,
            @Nullable String log,
            byte[] data) {
        // Valid names need no escaping.
        if (!Names.isMessageId(id) || (log != null && !Names.isLog(log))) {
            throw new IllegalArgumentException(
                    "not a message id, or not a log: " + id + ", " + log);
        }
        BinaryWriter out =
                new BinaryWriter(
                        PUSH_OVERHEAD
                                + id.length()
                                + (log == null ? 0 : log.length())
                                + data.length);
        out.ascii("{\"t\":\"push\",\"pos\":\"");
        out.ascii(position.toString());
        out.ascii("\",\"id\":\"");
        out.ascii(id);
        out.ascii("\",\"at\":");
        out.ascii(Long.toString(at));
        if (again) {
            out.ascii(",\"again\":true");
        }
        if (log != null) {
            out.ascii(",\"log\":\"");
            out.ascii(log);
            out.ascii("\"");
        }
        out.ascii(",\"data\":");
        out.raw(data);
        out.ascii("}");
        return out.toByteArray();
    }

    /**
     * Reads a frame; a push's data is cut out as it was written.
     *
     * @throws UnknownFrameException for a type that is not known. A client skips such a frame, as a
     *     later server may send others
     * @throws InvalidInputException for anything but a valid frame
     */
    public static ServerFrame decode(String json) throws InvalidInputException {
        JsonFields fields = JsonFields.read("the frame", json, "data");
        String type = fields.text("t");
        return switch (type) {
            case "welcome" ->
                    new ServerFrame.Welcome(
                            fields.text("session"),
                            (int) fields.natural("heartbeat", Integer.MAX_VALUE),
                            (int) fields.natural("window", Integer.MAX_VALUE));
            case "push" ->
                    new ServerFrame.Push(
                            fields.position("pos"),
                            fields.name("id", Names::isMessageId),
                            fields.natural("at", Long.MAX_VALUE),
                            fields.verbatim("data"),
                            fields.optionalFlag("again"),
                            fields.optionalName("log", Names::isLog));
            case "recall" ->
                    new ServerFrame.Recall(
                            fields.position("pos"),
                            fields.name("id", Names::isMessageId),
                            fields.optionalName("log", Names::isLog));
            case "goaway" ->
                    new ServerFrame.Goaway(
                            fields.text("reason"),
                            fields.natural("after", Long.MAX_VALUE),
                            fields.optionalText("url"));
            case "reset" ->
                    new ServerFrame.Reset(fields.name("log", Names::isLog), fields.position("pos"));
            case "pong" -> new ServerFrame.Pong();
            case "error" -> new ServerFrame.Failure(fields.text("code"), fields.text("message"));
            default ->
                    throw new UnknownFrameException(
                            fields.invalid(
                                    "has the unknown t "
                                            + JsonReader.quoted(type)
                                            + ": known are welcome, push, recall, goaway, reset,"
                                            + " pong, error"));
        };
    }
}
