package io.pushgate.runtime.redis;

/**
 * Whether anybody was subscribed when a message was published. {@link #SOME} does not mean that it
 * was received: a connection that is breaking counts too.
 */
public enum Subscribers {
    SOME,
    NONE,
    /** Of a cluster's classic channels a server counts only those who are connected to itself. */
    UNKNOWN;

    /**
     * @param counted what Redis answered
     * @param all whether the server that answered knows of all subscribers
     */
    static Subscribers of(long counted, boolean all) {
        if (counted > 0) {
            return SOME;
        }
        return all ? NONE : UNKNOWN;
    }
}
