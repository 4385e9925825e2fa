package io.pushgate.protocol;

import java.util.List;

/** What is published on an access node's channel. */
public sealed interface NodeMessage {
    /**
     * Deliveries for devices the node holds.
     *
     * @param replyTo the channel that takes the {@link Bounce} of those it does not hold, empty for
     *     none
     */
    record Batch(String replyTo, List<Timed> deliveries) implements NodeMessage {}

    /** A delivery and when it passed the stops before. */
    record Timed(Delivery delivery, StageTimes times) {}

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
