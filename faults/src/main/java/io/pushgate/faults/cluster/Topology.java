package io.pushgate.faults.cluster;

/** How Redis is set up. */
public enum Topology {
    /** One server with an append-only file, fsync every second; the roles reach it by proxies. */
    SINGLE,
    /** A primary with two replicas, and three Sentinels. */
    SENTINEL,
    /** Three primaries with two replicas each. */
    CLUSTER
}
