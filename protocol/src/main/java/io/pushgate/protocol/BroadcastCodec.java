package io.pushgate.protocol;

import java.util.HashSet;
import java.util.Set;

/**
 * A {@link Broadcast} as a value of {@code push.deliveries}, beside those of {@link DeliveryCodec}:
 * a version byte, a kind byte that no delivery has, then the fields in the order of the record.
 */
public final class BroadcastCodec {
    private static final int KIND = 8;

    /** No broadcast is shorter: one byte a number and length, and three letters. */
    static final int MIN_BYTES = 15;

    private BroadcastCodec() {}

    /** Whether the value is one for {@link #decode} and not for {@link DeliveryCodec}. */
    public static boolean isBroadcast(byte[] bytes) {
        return bytes.length > 1 && bytes[0] == DeliveryCodec.VERSION && bytes[1] == KIND;
    }

    public static byte[] encode(Broadcast broadcast) {
        BinaryWriter out = new BinaryWriter(expectedSize(broadcast));
        out.u8(DeliveryCodec.VERSION);
        out.u8(KIND);
        write(out, broadcast);
        return out.toByteArray();
    }

    /**
     * @throws InvalidInputException for anything that {@link #encode} could not have made of valid
     *     names and a payload of at most {@link PushRequestCodec#MAX_DATA_BYTES}
     */
    public static Broadcast decode(byte[] bytes) throws InvalidInputException {
        BinaryReader in = new BinaryReader(bytes, "the broadcast");
        in.version(DeliveryCodec.VERSION);
        if (in.u8() != KIND) {
            throw in.invalid("is of another kind");
        }
        Broadcast broadcast = read(in);
        in.end();
        return broadcast;
    }

    static int expectedSize(Broadcast broadcast) {
        return 256 + 32 * broadcast.platforms().size() + broadcast.message().payload().length;
    }

    static void write(BinaryWriter out, Broadcast broadcast) {
        writeLog(out, broadcast.log());
        DeliveryCodec.writePosition(out, broadcast.position());
        DeliveryCodec.writePosition(out, broadcast.previous());
        out.varint(broadcast.platforms().size());
        broadcast.platforms().stream().sorted().forEach(out::text);
        DeliveryCodec.writeMessage(out, broadcast.message());
    }

    static Broadcast read(BinaryReader in) throws InvalidInputException {
        return new Broadcast(
                readLog(in),
                DeliveryCodec.readPosition(in),
                DeliveryCodec.readPosition(in),
                readPlatforms(in),
                DeliveryCodec.readMessage(in));
    }

    static void writeLog(BinaryWriter out, LogKey log) {
        out.text(log.app());
        out.text(log.log());
    }

    static LogKey readLog(BinaryReader in) throws InvalidInputException {
        String app = in.text(Names.MAX_APP_LENGTH, "app");
        String log = in.text(Names.MAX_LOG_LENGTH, "log");
        try {
            return new LogKey(app, log);
        } catch (IllegalArgumentException malformed) {
            throw in.invalid("holds a malformed app or log name");
        }
    }

    private static Set<String> readPlatforms(BinaryReader in) throws InvalidInputException {
        int count = in.count(PushRequestCodec.MAX_PLATFORMS, 2, "platform filter");
        Set<String> platforms = new HashSet<>();
        for (int i = 0; i < count; i++) {
            String platform = in.text(Names.MAX_APP_LENGTH, "platform");
            if (!Names.isLabel(platform) || !platforms.add(platform)) {
                throw in.invalid("holds a malformed platform");
            }
        }
        return platforms;
    }
}
