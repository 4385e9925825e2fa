package io.pushgate.runtime.kafka;

import java.time.Duration;

/**
 * What a {@link ConsumerLoop} reads and how much of it at a time.
 *
 * @param topic the one topic
 * @param group the consumer group
 * @param clientId the name of this client in the broker's logs
 * @param maxPollRecords records in a batch at most; at most half of {@code maxInFlight}
 * @param maxInFlight records polled and not complete at most
 * @param maxInFlightBytes keys and values of those at most, passed by one batch at the most
 * @param commitInterval how often a watermark that moved is committed
 * @param revokeWait how long a rebalance waits for the records in the handler's hands
 * @param gather how long Kafka may let records gather before it answers, up to {@value
 *     #GATHER_BYTES} bytes of them; zero for not at all. Each answer costs it about as much as
 *     twenty records do
 */
public record ConsumerLoopConfig(
        String topic,
        String group,
        String clientId,
        int maxPollRecords,
        int maxInFlight,
        long maxInFlightBytes,
        Duration commitInterval,
        Duration revokeWait,
        Duration gather) {
    /** Bytes for which nothing more is waited. */
    public static final int GATHER_BYTES = 256 << 10;

    /** So that a broker's silence is told from its patience. */
    private static final Duration MOST_GATHER = Duration.ofSeconds(2);

    public static final int DEFAULT_MAX_POLL_RECORDS = 500;
    public static final int DEFAULT_MAX_IN_FLIGHT = 5_000;
    public static final long DEFAULT_MAX_IN_FLIGHT_BYTES = 64L << 20;

    public ConsumerLoopConfig {
        if (maxPollRecords < 1 || maxPollRecords > maxInFlight / 2) {
            throw new IllegalArgumentException(
                    "maxPollRecords must be 1 to half of maxInFlight, which is " + maxInFlight);
        }
        if (maxInFlightBytes < 1) {
            throw new IllegalArgumentException("maxInFlightBytes must be positive");
        }
        if (gather.isNegative() || gather.compareTo(MOST_GATHER) > 0) {
            throw new IllegalArgumentException("gather must be 0 to " + MOST_GATHER);
        }
    }

    /** The defaults: batches of 500, 5,000 records and 64 MiB in flight, commits once a second. */
    public static ConsumerLoopConfig of(String topic, String group, String clientId) {
        return new ConsumerLoopConfig(
                topic,
                group,
                clientId,
                DEFAULT_MAX_POLL_RECORDS,
                DEFAULT_MAX_IN_FLIGHT,
                DEFAULT_MAX_IN_FLIGHT_BYTES,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ZERO);
    }

    public ConsumerLoopConfig withLimits(int pollRecords, int inFlight, long inFlightBytes) {
        return new ConsumerLoopConfig(
                topic,
                group,
                clientId,
                pollRecords,
                inFlight,
                inFlightBytes,
                commitInterval,
                revokeWait,
                gather);
    }

    /** For readers that nobody waits for. */
    public ConsumerLoopConfig withGather(Duration atMost) {
        return new ConsumerLoopConfig(
                topic,
                group,
                clientId,
                maxPollRecords,
                maxInFlight,
                maxInFlightBytes,
                commitInterval,
                revokeWait,
                atMost);
    }
}
