package io.pushgate.protocol;

import java.util.List;
import java.util.stream.Stream;

/** The Kafka topics and the headers of their records. */
public final class Topics {
    public static final String REQUESTS = "push.requests";
    public static final String DELIVERIES = "push.deliveries";
    public static final String RECEIPTS = "push.receipts";
    public static final String REJECTED = "push.rejected";
    public static final String PRESENCE = "push.presence";

    /** Requests to more devices than are offered in one go; between purgers only. */
    public static final String EXPANSIONS = "push.expansions";

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

    /** On {@link #EXPANSIONS}: the origin of the request, as it is offered with. */
    public static final String ORIGIN_HEADER = "pushgate-origin";

    /** On {@link #EXPANSIONS}: when the request was made, epoch milliseconds as decimal text. */
    public static final String REQUESTED_HEADER = "pushgate-requested-at";

    private Topics() {}

    /** The topic whose requests are taken with no regard to what waits in those below it. */
    public static String requests(Priority lane) {
        return ofLane(REQUESTS, lane);
    }

    /** The topic for deliveries of messages of this priority. */
    public static String deliveries(Priority priority) {
        return ofLane(DELIVERIES, priority);
    }

    /** The topics of all lanes, the most urgent first. */
    public static List<String> lanesOf(String topic) {
        return List.of(
                ofLane(topic, Priority.HIGH),
                ofLane(topic, Priority.NORMAL),
                ofLane(topic, Priority.BULK));
    }

    /** All that the gateway needs. */
    public static List<String> all() {
        return Stream.of(
                        lanesOf(REQUESTS),
                        lanesOf(DELIVERIES),
                        List.of(EXPANSIONS, RECEIPTS, REJECTED, PRESENCE))
                .flatMap(List::stream)
                .toList();
    }

    /** Names a record of requests as no other is named, whichever lane it came by. */
    public static String originOf(String topic, int partition, long offset) {
        String place = partition + ":" + offset;
        return topic.equals(REQUESTS)
                ? place
                : topic.substring(REQUESTS.length() + 1) + ":" + place;
    }

    /** The topic of requests that a record with this {@link #originOf origin} came by. */
    public static String topicOf(String origin) {
        for (Priority lane : Priority.values()) {
            if (origin.startsWith(lane.wireName() + ":")) {
                return requests(lane);
            }
        }
        return REQUESTS;
    }

    private static String ofLane(String topic, Priority lane) {
        return lane == Priority.NORMAL ? topic : topic + "." + lane.wireName();
    }
}
