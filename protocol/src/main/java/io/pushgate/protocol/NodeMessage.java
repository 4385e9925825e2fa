package io.pushgate.protocol;

import java.util.List;

/** What is published on an access node's channel. */
public sealed interface NodeMessage {
    /**
     * Deliveries for devices the node holds.
     *
     * @param replyTo the channel that takes the {@link Bounce} of those it does not hold, empty for
     *     none
     * @param lane how urgent all of them are
     */
    record Batch(String replyTo, Priority lane, List<Timed> deliveries) implements NodeMessage {
        /** Of normal priority. */
        public Batch(String replyTo, List<Timed> deliveries) {
            this(replyTo, Priority.NORMAL, deliveries);
        }
    }

    /** A delivery and when it passed the stops before. */
    record Timed(Delivery delivery, StageTimes times) {}

    /** What concerns every device that follows a broadcast log. */
    sealed interface OfLogs extends NodeMessage {}

    /** Messages of broadcast logs; in order per log. */
    record Broadcasts(List<TimedBroadcast> broadcasts) implements OfLogs {}

    /**
     * A message of a broadcast log was taken back: who has not got it doesn't get it any more.
     *
     * @param recalls how many there have been in this log, this one included
     */
    record Recalled(LogKey log, Position position, String id, long recalls) implements OfLogs {}

    /** A broadcast and when it passed the stops before. */
    record TimedBroadcast(Broadcast broadcast, StageTimes times) {}

    /** A node's word to itself: its subscription is alive when it comes back. */
    record Probe(long nonce) implements NodeMessage {}

    /**
     * Devices that a node was sent something for and does not hold.
     *
     * @param node the node that answers
     */
    record Bounce(String node, List<Missed> devices) implements NodeMessage {}

    /** The device, and the route that turned out stale. */
    record Missed(DeviceKey device, Route route) {}
}
