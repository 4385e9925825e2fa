package io.pushgate.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * What is published on a node's Redis channel: a version byte, a kind byte, then the fields as
 * {@link DeliveryCodec} writes them. Fields of later releases may follow, see {@link Extensions}.
 */
public final class NodeMessageCodec {
    /** Deliveries in a batch, or devices in a bounce. */
    public static final int MAX_ITEMS = 65_536;

    /** UTF-8 bytes of the reply channel's name. */
    public static final int MAX_CHANNEL_BYTES = 256;

    private static final int VERSION = 1;
    private static final int BATCH = 1;
    private static final int PROBE = 2;
    private static final int BOUNCE = 3;
    private static final int BATCH_HIGH = 4;
    private static final int BATCH_BULK = 5;
    private static final int BROADCASTS = 8;
    private static final int RECALLED = 9;

    private static final int TIMES_MIN_BYTES = 3;

    /** App, device and node of one character each with their lengths, and the session number. */
    private static final int MISSED_MIN_BYTES = 7;

    private NodeMessageCodec() {}

    /**
     * @throws IllegalArgumentException above {@link #MAX_ITEMS}: the caller splits
     */
    public static byte[] encode(NodeMessage message) {
        return switch (message) {
            case NodeMessage.Batch batch -> encodeBatch(batch);
            case NodeMessage.Probe probe -> {
                BinaryWriter out = start(PROBE, 16);
                out.varint(probe.nonce());
                yield out.toByteArray();
            }
            case NodeMessage.Bounce bounce -> encodeBounce(bounce);
            case NodeMessage.Broadcasts broadcasts -> encodeBroadcasts(broadcasts);
            case NodeMessage.Recalled recalled -> {
                BinaryWriter out = start(RECALLED, 256);
                BroadcastCodec.writeLog(out, recalled.log());
                DeliveryCodec.writePosition(out, recalled.position());
                out.text(recalled.id());
                out.varint(recalled.recalls());
                yield out.toByteArray();
            }
        };
    }

    /**
     * @throws InvalidInputException for anything that {@link #encode} could not have made of valid
     *     names
     */
    public static NodeMessage decode(byte[] bytes) throws InvalidInputException {
        BinaryReader in = new BinaryReader(bytes, "the node message");
        in.version(VERSION);
        int kindByte = in.u8();
        int kind = Extensions.kind(kindByte);
        NodeMessage message =
                switch (kind) {
                    case BATCH -> readBatch(Priority.NORMAL, in);
                    case BATCH_HIGH -> readBatch(Priority.HIGH, in);
                    case BATCH_BULK -> readBatch(Priority.BULK, in);
                    case PROBE -> new NodeMessage.Probe(in.varint());
                    case BOUNCE -> readBounce(in);
                    case BROADCASTS -> readBroadcasts(in);
                    case RECALLED ->
                            new NodeMessage.Recalled(
                                    BroadcastCodec.readLog(in),
                                    DeliveryCodec.readPosition(in),
                                    DeliveryCodec.readId(in),
                                    in.varint());
                    default -> throw in.invalid("holds the unknown kind of message " + kind);
                };
        Extensions.skip(kindByte, in);
        in.end();
        return message;
    }

    private static byte[] encodeBatch(NodeMessage.Batch batch) {
        int size = MAX_CHANNEL_BYTES;
        for (NodeMessage.Timed timed : batch.deliveries()) {
            size += DeliveryCodec.expectedSize(timed.delivery());
        }
        BinaryWriter out = start(kind(batch.lane()), size);
        out.text(batch.replyTo());
        out.varint(checkedCount(batch.deliveries()));
        for (NodeMessage.Timed timed : batch.deliveries()) {
            StageTimesCodec.write(out, timed.times());
            DeliveryCodec.write(out, timed.delivery());
        }
        return out.toByteArray();
    }

    private static int kind(Priority lane) {
        return switch (lane) {
            case HIGH -> BATCH_HIGH;
            case NORMAL -> BATCH;
            case BULK -> BATCH_BULK;
        };
    }

    private static NodeMessage readBatch(Priority lane, BinaryReader in)
            throws InvalidInputException {
        String replyTo = in.text(MAX_CHANNEL_BYTES, "reply channel");
        int count = in.count(MAX_ITEMS, TIMES_MIN_BYTES + DeliveryCodec.MIN_BYTES, "batch");
        List<NodeMessage.Timed> deliveries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            StageTimes times = StageTimesCodec.read(in);
            deliveries.add(new NodeMessage.Timed(DeliveryCodec.read(in), times));
        }
        return new NodeMessage.Batch(replyTo, lane, deliveries);
    }

    private static byte[] encodeBounce(NodeMessage.Bounce bounce) {
        BinaryWriter out = start(BOUNCE, 64 + 64 * bounce.devices().size());
        out.text(bounce.node());
        out.varint(checkedCount(bounce.devices()));
        for (NodeMessage.Missed missed : bounce.devices()) {
            DeliveryCodec.writeDevice(out, missed.device());
            DeliveryCodec.writeRoute(out, missed.route());
        }
        return out.toByteArray();
    }

    private static NodeMessage readBounce(BinaryReader in) throws InvalidInputException {
        String node = DeliveryCodec.readNode(in);
        int count = in.count(MAX_ITEMS, MISSED_MIN_BYTES, "bounce");
        List<NodeMessage.Missed> devices = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            DeviceKey device = DeliveryCodec.readDevice(in);
            devices.add(new NodeMessage.Missed(device, DeliveryCodec.readRoute(in)));
        }
        return new NodeMessage.Bounce(node, devices);
    }

    private static byte[] encodeBroadcasts(NodeMessage.Broadcasts message) {
        int size = 16;
        for (NodeMessage.TimedBroadcast timed : message.broadcasts()) {
            size += BroadcastCodec.expectedSize(timed.broadcast());
        }
        BinaryWriter out = start(BROADCASTS, size);
        out.varint(checkedCount(message.broadcasts()));
        for (NodeMessage.TimedBroadcast timed : message.broadcasts()) {
            StageTimesCodec.write(out, timed.times());
            BroadcastCodec.write(out, timed.broadcast());
        }
        return out.toByteArray();
    }

    private static NodeMessage readBroadcasts(BinaryReader in) throws InvalidInputException {
        int count = in.count(MAX_ITEMS, TIMES_MIN_BYTES + BroadcastCodec.MIN_BYTES, "broadcasts");
        List<NodeMessage.TimedBroadcast> broadcasts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            StageTimes times = StageTimesCodec.read(in);
            broadcasts.add(new NodeMessage.TimedBroadcast(BroadcastCodec.read(in), times));
        }
        return new NodeMessage.Broadcasts(broadcasts);
    }

    private static BinaryWriter start(int kind, int expectedSize) {
        BinaryWriter out = new BinaryWriter(expectedSize);
        out.u8(VERSION);
        out.u8(kind);
        return out;
    }

    private static int checkedCount(List<?> items) {
        if (items.size() > MAX_ITEMS) {
            throw new IllegalArgumentException(
                    items.size() + " items in one message, at most " + MAX_ITEMS);
        }
        return items.size();
    }
}
