package io.pushgate.protocol;

import org.jspecify.annotations.Nullable;

/** The {@link Topics#TIMES_HEADER} of a delivery: a version byte and three varints. */
public final class StageTimesCodec {
    private static final int VERSION = 1;

    private StageTimesCodec() {}

    public static byte[] encode(StageTimes times) {
        BinaryWriter out = new BinaryWriter(32);
        out.u8(VERSION);
        write(out, times);
        return out.toByteArray();
    }

    /**
     * Never fails: the times only feed meters, so an absent or odd header reads as {@link
     * StageTimes#NONE}.
     */
    public static StageTimes decode(byte @Nullable [] bytes) {
        if (bytes == null) {
            return StageTimes.NONE;
        }
        try {
            BinaryReader in = new BinaryReader(bytes, "the header");
            in.version(VERSION);
            // A later release may have further times behind these.
            return read(in);
        } catch (InvalidInputException e) {
            return StageTimes.NONE;
        }
    }

    /** Times before 1970 are written as not known: Kafka says -1 for a record without a time. */
    static void write(BinaryWriter out, StageTimes times) {
        out.varint(Math.max(times.requestedAt(), 0));
        out.varint(Math.max(times.offeredAt(), 0));
        out.varint(Math.max(times.dispatchedAt(), 0));
    }

    static StageTimes read(BinaryReader in) throws InvalidInputException {
        return new StageTimes(
                in.natural(Long.MAX_VALUE, "time"),
                in.natural(Long.MAX_VALUE, "time"),
                in.natural(Long.MAX_VALUE, "time"));
    }
}
