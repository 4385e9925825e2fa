package io.pushgate.dispatcher;

import io.pushgate.protocol.NodeMessage;
import io.pushgate.protocol.Priority;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sorts deliveries into one batch per node, in the order they come, and starts another where a
 * batch would grow beyond its limit. Not thread-safe.
 */
final class NodeBatches {
    /**
     * A message and the node it is for.
     *
     * @param deliveries how many for devices are in it
     */
    record Outgoing(String node, NodeMessage message, int deliveries) {}

    private final String replyTo;
    private final Priority lane;
    private final int maxBytes;
    private final Map<String, Growing> growing = new LinkedHashMap<>();
    private final List<Outgoing> full = new ArrayList<>();

    NodeBatches(String replyTo, Priority lane, int maxBytes) {
        this.replyTo = replyTo;
        this.lane = lane;
        this.maxBytes = maxBytes;
    }

    /**
     * @param bytes about what the delivery adds to the encoded batch
     */
    void add(String node, NodeMessage.Timed delivery, int bytes) {
        Growing batch = growing.computeIfAbsent(node, n -> new Growing());
        if (!batch.deliveries.isEmpty() && batch.bytes + bytes > maxBytes) {
            full.add(batch.outgoing(node));
            batch = new Growing();
            growing.put(node, batch);
        }
        batch.deliveries.add(delivery);
        batch.bytes += bytes;
    }

    /** All batches; those of one node in the order of their deliveries. */
    List<Outgoing> all() {
        List<Outgoing> all = new ArrayList<>(full);
        growing.forEach((node, batch) -> all.add(batch.outgoing(node)));
        return all;
    }

    private final class Growing {
        private final List<NodeMessage.Timed> deliveries = new ArrayList<>();
        private long bytes;

        Outgoing outgoing(String node) {
            return new Outgoing(
                    node, new NodeMessage.Batch(replyTo, lane, deliveries), deliveries.size());
        }
    }
}
