package io.pushgate.protocol;

/**
 * When a message passed each stop, epoch milliseconds, 0 where it has not been yet. Every stop
 * reports the delay since the one before it.
 *
 * @param requestedAt the timestamp of the request's Kafka record
 * @param offeredAt when the purger had it in the mailbox
 * @param dispatchedAt when the dispatcher published it to the access node
 */
public record StageTimes(long requestedAt, long offeredAt, long dispatchedAt) {
    public static final StageTimes NONE = new StageTimes(0, 0, 0);

    public StageTimes withDispatchedAt(long epochMillis) {
        return new StageTimes(requestedAt, offeredAt, epochMillis);
    }
}
