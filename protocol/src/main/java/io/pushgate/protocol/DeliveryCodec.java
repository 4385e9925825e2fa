package io.pushgate.protocol;

/**
 * The value of {@code push.deliveries}: a version byte, a kind byte, then the fields in the order
 * of the record; numbers as varints, texts and the payload with their length before them. Fields of
 * later releases may follow, see {@link Extensions}.
 *
 * <p>The payload is carried as the mailbox keeps it, compressed or not: that it is JSON was checked
 * when the request came in.
 */
public final class DeliveryCodec {
    static final int VERSION = 1;

    /** No delivery is shorter: kind, session, and two bytes for each of app, device, node. */
    static final int MIN_BYTES = 8;

    private static final int PUSH = 1;
    private static final int REDELIVER = 2;
    private static final int DISCONNECT = 3;
    private static final int RECALL = 4;
    private static final int REGROUP = 5;

    private static final int FLAG_RECEIPT = 1;
    private static final int FLAG_TRACE = 2;
    private static final int FLAG_COMPRESSED = 4;
    private static final int FLAGS = FLAG_RECEIPT | FLAG_TRACE | FLAG_COMPRESSED;

    /** What everything but the payload usually fits into. */
    private static final int USUAL_OVERHEAD = 128;

    private DeliveryCodec() {}

    public static byte[] encode(Delivery delivery) {
        BinaryWriter out = new BinaryWriter(expectedSize(delivery));
        out.u8(VERSION);
        write(out, delivery);
        return out.toByteArray();
    }

    /**
     * @throws InvalidInputException for anything but fields of later releases that {@link #encode}
     *     could not have made of valid names and a payload of at most {@link
     *     PushRequestCodec#MAX_DATA_BYTES}
     */
    public static Delivery decode(byte[] bytes) throws InvalidInputException {
        BinaryReader in = new BinaryReader(bytes, "the delivery");
        in.version(VERSION);
        Delivery delivery = read(in);
        in.end();
        return delivery;
    }

    static int expectedSize(Delivery delivery) {
        return USUAL_OVERHEAD
                + (delivery instanceof Delivery.Push push ? push.message().payload().length : 0);
    }

    static void write(BinaryWriter out, Delivery delivery) {
        switch (delivery) {
            case Delivery.Push push -> {
                writeHead(out, PUSH, push);
                writePosition(out, push.position());
                writePosition(out, push.previous());
                writeMessage(out, push.message());
            }
            case Delivery.Redeliver redeliver -> {
                writeHead(out, REDELIVER, redeliver);
                out.varint(redeliver.attempt());
            }
            case Delivery.Disconnect disconnect -> {
                writeHead(out, DISCONNECT, disconnect);
                out.varint(disconnect.reason().code());
            }
            case Delivery.Recall recall -> {
                writeHead(out, RECALL, recall);
                writePosition(out, recall.position());
                out.text(recall.id());
            }
            case Delivery.Regroup regroup -> writeHead(out, REGROUP, regroup);
        }
    }

    static Delivery read(BinaryReader in) throws InvalidInputException {
        int kindByte = in.u8();
        int kind = Extensions.kind(kindByte);
        Delivery delivery = readFields(kind, readDevice(in), readRoute(in), in);
        Extensions.skip(kindByte, in);
        return delivery;
    }

    private static Delivery readFields(int kind, DeviceKey device, Route route, BinaryReader in)
            throws InvalidInputException {
        return switch (kind) {
            case PUSH ->
                    new Delivery.Push(
                            device, route, readPosition(in), readPosition(in), readMessage(in));
            case REDELIVER ->
                    new Delivery.Redeliver(
                            device, route, (int) in.natural(Integer.MAX_VALUE, "attempt"));
            case DISCONNECT -> new Delivery.Disconnect(device, route, readReason(in));
            case RECALL -> new Delivery.Recall(device, route, readPosition(in), readId(in));
            case REGROUP -> new Delivery.Regroup(device, route);
            default -> throw in.invalid("holds the unknown kind of delivery " + kind);
        };
    }

    static void writeDevice(BinaryWriter out, DeviceKey device) {
        out.text(device.app());
        out.text(device.device());
    }

    static DeviceKey readDevice(BinaryReader in) throws InvalidInputException {
        String app = in.text(Names.MAX_APP_LENGTH, "app");
        String device = in.text(Names.MAX_LENGTH, "device");
        try {
            return new DeviceKey(app, device);
        } catch (IllegalArgumentException malformed) {
            throw in.invalid("holds a malformed app or device name");
        }
    }

    static void writeRoute(BinaryWriter out, Route route) {
        out.text(route.node());
        out.varint(route.session());
    }

    static Route readRoute(BinaryReader in) throws InvalidInputException {
        return new Route(readNode(in), in.varint());
    }

    static String readNode(BinaryReader in) throws InvalidInputException {
        String node = in.text(Names.MAX_APP_LENGTH, "node");
        if (!Names.isLabel(node)) {
            throw in.invalid("holds a malformed node name");
        }
        return node;
    }

    private static void writeHead(BinaryWriter out, int kind, Delivery delivery) {
        out.u8(kind);
        writeDevice(out, delivery.device());
        writeRoute(out, delivery.route());
    }

    static void writePosition(BinaryWriter out, Position position) {
        out.varint(position.millis());
        out.varint(position.sequence());
    }

    static Position readPosition(BinaryReader in) throws InvalidInputException {
        return new Position(
                in.natural(Long.MAX_VALUE, "position"), in.natural(Long.MAX_VALUE, "position"));
    }

    static void writeMessage(BinaryWriter out, Message message) {
        out.text(message.id());
        out.varint(message.acceptedAt());
        out.varint(message.expiresAt());
        out.u8(
                (message.receipt() ? FLAG_RECEIPT : 0)
                        | (message.trace() ? FLAG_TRACE : 0)
                        | (message.compressed() ? FLAG_COMPRESSED : 0));
        out.block(message.payload());
    }

    static Message readMessage(BinaryReader in) throws InvalidInputException {
        String id = readId(in);
        long acceptedAt = in.varint();
        long expiresAt = in.varint();
        int flags = in.u8();
        if ((flags & ~FLAGS) != 0) {
            throw in.invalid("holds unknown message flags " + flags);
        }
        byte[] payload = in.block(PushRequestCodec.MAX_DATA_BYTES, "payload");
        return new Message(
                id,
                acceptedAt,
                expiresAt,
                (flags & FLAG_RECEIPT) != 0,
                (flags & FLAG_TRACE) != 0,
                (flags & FLAG_COMPRESSED) != 0,
                payload);
    }

    static String readId(BinaryReader in) throws InvalidInputException {
        String id = in.text(Names.MAX_LENGTH, "message id");
        if (!Names.isMessageId(id)) {
            throw in.invalid("holds a malformed message id");
        }
        return id;
    }

    private static CloseReason readReason(BinaryReader in) throws InvalidInputException {
        long code = in.varint();
        for (CloseReason reason : CloseReason.values()) {
            if (reason.code() == code) {
                return reason;
            }
        }
        throw in.invalid("holds the unknown close code " + code);
    }
}
