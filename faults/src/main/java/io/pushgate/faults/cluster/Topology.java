package io.pushgate.faults.cluster;

/** How Redis is set up, and what the cluster is for. */
public enum Topology {
    /** One server with an append-only file, fsync every second; the roles reach it by proxies. */
    SINGLE,
    /**
     * One server as in {@link #SINGLE}, for latencies that are compared: no proxies before it, and
     * heartbeats as by default; after some minutes under load the roles' code is compiled as in
     * production.
     */
    MEASURED,
    /** A primary with two replicas, and three Sentinels. */
    SENTINEL,
    /** Three primaries with two replicas each. */
    CLUSTER
}
