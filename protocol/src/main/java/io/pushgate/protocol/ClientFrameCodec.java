package io.pushgate.protocol;

import java.nio.charset.StandardCharsets;

/**
 * The text frames that a device sends. Reading is strict: an unknown field is an error, so that a
 * client's mistake shows at once.
 */
public final class ClientFrameCodec {
    /** UTF-8 bytes of one frame; the transport cuts longer ones off before they get here. */
    public static final int MAX_FRAME_BYTES = 4096;

    private ClientFrameCodec() {}

    public static byte[] encode(ClientFrame frame) {
        JsonWriter out = new JsonWriter();
        switch (frame) {
            case ClientFrame.Ack ack -> {
                out.text("t", "ack").text("pos", ack.position().toString());
                if (ack.log() != null) {
                    out.text("log", ack.log());
                }
            }
            case ClientFrame.Ping ignored -> out.text("t", "ping");
        }
        return out.toBytes();
    }

    /**
     * @throws InvalidInputException for anything but a valid frame; the message says what is wrong,
     *     in words that may go back to the client
     */
    public static ClientFrame decode(String json) throws InvalidInputException {
        // One character takes at least one byte, and three bytes at most (a pair takes four).
        if (json.length() > MAX_FRAME_BYTES
                || (json.length() > MAX_FRAME_BYTES / 3
                        && json.getBytes(StandardCharsets.UTF_8).length > MAX_FRAME_BYTES)) {
            throw new InvalidInputException(
                    "the frame is too big: at most " + MAX_FRAME_BYTES + " bytes are allowed");
        }
        JsonFields fields = JsonFields.read("the frame", json, "");
        String type = fields.text("t");
        return switch (type) {
            case "ack" -> {
                fields.only("t", "pos", "log");
                yield new ClientFrame.Ack(
                        fields.position("pos"), fields.optionalName("log", Names::isLog));
            }
            case "ping" -> {
                fields.only("t");
                yield new ClientFrame.Ping();
            }
            default ->
                    throw fields.invalid(
                            "has the unknown t %s: allowed are ack, ping"
                                    .formatted(JsonReader.quoted(type)));
        };
    }
}
