package io.pushgate.access;

/** Why a page of an inbox is fetched; a closed set of tag values. */
enum FetchReason {
    /** The device has just connected. */
    REPLAY,
    /** A delivery did not follow what was sent before: one in between was lost. */
    GAP,
    /** A delivery did not say what it follows. */
    UNKNOWN_PREVIOUS,
    /** A delivery's payload takes a dictionary that the node did not know. */
    DICTIONARY,
    /** The window was full or the socket slow. */
    BEHIND,
    /** The delayer asked for what is unacked. */
    REDELIVERY,
    /** The session was written to Redis once more. */
    RESYNC,
    /** The device is further behind in a broadcast log than the node remembers. */
    BROADCAST;

    String tag() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
