package io.pushgate.dispatcher;

import io.pushgate.protocol.NodeMessage;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Gathers broadcasts for every node, in the order they come, and starts another message where one
 * would grow beyond its limit. Not thread-safe.
 */
final class NodeBroadcasts {
    private final int maxBytes;
    private final List<List<NodeMessage.TimedBroadcast>> messages = new ArrayList<>();
    private long bytes;
    private int count;

    NodeBroadcasts(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * @param size about what the broadcast adds to the encoded message
     */
    void add(NodeMessage.TimedBroadcast broadcast, int size) {
        if (messages.isEmpty() || bytes + size > maxBytes) {
            messages.add(new ArrayList<>());
            bytes = 0;
        }
        messages.getLast().add(broadcast);
        bytes += size;
        count++;
    }

    /** Broadcasts added. */
    int count() {
        return count;
    }

    /**
     * The same messages for each node. A node that is not among them, as it has only just come up,
     * finds what it missed by itself.
     */
    List<NodeBatches.Outgoing> to(Set<String> nodes) {
        List<NodeBatches.Outgoing> all = new ArrayList<>(nodes.size() * messages.size());
        for (List<NodeMessage.TimedBroadcast> message : messages) {
            NodeMessage broadcasts = new NodeMessage.Broadcasts(message);
            nodes.forEach(node -> all.add(new NodeBatches.Outgoing(node, broadcasts, 0)));
        }
        return all;
    }
}
