package io.pushgate.protocol;

/** The Kafka topics and the headers of their records. */
public final class Topics {
    public static final String REQUESTS = "push.requests";
    public static final String DELIVERIES = "push.deliveries";
    public static final String RECEIPTS = "push.receipts";
    public static final String REJECTED = "push.rejected";
    public static final String PRESENCE = "push.presence";

    /** On {@link #DELIVERIES}: a {@link StageTimes}, see {@link StageTimesCodec}. */
    public static final String TIMES_HEADER = "pushgate-times";

    /**
     * On {@link #REQUESTS}: the request waited for its time, which has come; where it came from at
     * first.
     */
    public static final String DUE_HEADER = "pushgate-due";

    /** On {@link #REJECTED}: one sentence for people. */
    public static final String REASON_HEADER = "pushgate-reason";

    /** On {@link #REJECTED}: {@code topic-partition@offset} the record came from. */
    public static final String SOURCE_HEADER = "pushgate-source";

    private Topics() {}
}
