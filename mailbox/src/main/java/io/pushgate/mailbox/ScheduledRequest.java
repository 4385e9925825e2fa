package io.pushgate.mailbox;

/**
 * A request that waits for its time.
 *
 * @param origin where it came from, as in {@link Offer#origin}, without {@code |}: its identity,
 *     however often it is handed on
 * @param request as it came, in UTF-8; shared with the caller, so nobody writes into it
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, never compared
public record ScheduledRequest(String app, String id, String origin, byte[] request) {}
