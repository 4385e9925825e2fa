package io.pushgate.mailbox;

import java.time.Duration;

/** How long Redis keeps what nobody needs any more. */
final class Lifetimes {
    /**
     * The last position of an empty inbox: longer than a message may wait (7 days), so that a
     * client's idea of where it was stays comparable.
     */
    static final Duration EMPTY_INBOX = Duration.ofDays(8);

    /** The message ids of one day, from its first; today's and yesterday's are looked at. */
    static final Duration SEEN = Duration.ofDays(2);

    /**
     * Which device acked a message first: longer than a copy of it may wait to be acked by another.
     */
    static final Duration FIRST_ACK = Duration.ofDays(8);

    /**
     * Which way a message to a group went: longer than its id is the same message (24 hours), also
     * where the request is read again later.
     */
    static final Duration WAY = Duration.ofHours(25);

    /** A device without a session. */
    static final Duration DEVICE = Duration.ofDays(90);

    /** A user's devices, from the last time one of them connected; longer than any session. */
    static final Duration USER = Duration.ofDays(400);

    /**
     * A dictionary, from when its successor is written with: longer than a message may wait (7
     * days) and its writer may not have heard of the successor (an hour).
     */
    static final Duration DICTIONARY = Duration.ofDays(8);

    private Lifetimes() {}
}
