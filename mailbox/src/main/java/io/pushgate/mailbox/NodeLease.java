package io.pushgate.mailbox;

/**
 * An access node's sign of life.
 *
 * @param id unique among the nodes; part of every route to it
 * @param address where clients reach it, as host:port
 * @param connections open now
 * @param region empty if none is configured
 * @param startedAt epoch milliseconds
 */
public record NodeLease(
        String id,
        String address,
        int connections,
        String region,
        String version,
        long startedAt) {}
