package io.pushgate.mailbox;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * An access node's sign of life.
 *
 * @param id unique among the nodes; part of every route to it
 * @param address where clients reach it, as host:port or as a ws:// or wss:// URL
 * @param connections open now
 * @param region empty if none is configured
 * @param startedAt epoch milliseconds
 * @param draining whether it shuts down, and takes no more connections
 */
public record NodeLease(
        String id,
        String address,
        int connections,
        String region,
        String version,
        long startedAt,
        boolean draining) {

    /** Of a node that doesn't shut down. */
    public NodeLease(
            String id,
            String address,
            int connections,
            String region,
            String version,
            long startedAt) {
        this(id, address, connections, region, version, startedAt, false);
    }

    /** Whether a device can be told to connect there: it stays, and its address is one. */
    @JsonIgnore
    public boolean isAssignable() {
        return !draining
                && !address.isEmpty()
                && !address.startsWith("0.0.0.0:")
                && !address.startsWith("[::]:");
    }

    /** The same with another number of connections. */
    public NodeLease withConnections(int now) {
        return new NodeLease(id, address, now, region, version, startedAt, draining);
    }
}
