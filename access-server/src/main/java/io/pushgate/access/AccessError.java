package io.pushgate.access;

/** What can go wrong, as the tag {@code kind} of {@code pushgate.errors}. */
enum AccessError {
    REGISTER_FAILED,
    FETCH_FAILED,
    ACK_FAILED,
    UNREGISTER_FAILED,
    VERIFY_FAILED,
    TAKEOVER_FAILED,
    BOUNCE_FAILED,
    RECEIPTS_DROPPED,
    PRESENCE_DROPPED,
    LEASE_FAILED,
    LEASE_LAPSED,
    PROBE_FAILED,
    PROBE_LOST,
    KEYS_UNREADABLE,
    BALANCE_FAILED,
    CONNECTION_FAILED,
    LOOP_FAILED,
    LOG_FAILED,
    CURSORS_FAILED
}
