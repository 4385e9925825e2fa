package io.pushgate.access;

import io.pushgate.access.auth.Claims;

import org.jspecify.annotations.Nullable;

/** What came of a request for a WebSocket. */
sealed interface Handshake {
    /**
     * @param acceptKey the value of {@code Sec-WebSocket-Accept}
     * @param subprotocol whether the client offered ours, so that it is to be echoed
     * @param version of the client, tidied
     * @param lastMessageId the last message the client has processed
     * @param cursors where the client stands in broadcast logs
     * @param entered to be told when the handshake is over
     */
    record Accepted(
            String acceptKey,
            boolean subprotocol,
            Claims claims,
            String version,
            @Nullable String lastMessageId,
            Cursors cursors,
            Admission.Entered entered)
            implements Handshake {}

    record Refused(Refusal refusal) implements Handshake {}
}
