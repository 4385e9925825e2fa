package io.pushgate.mailbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;
import io.pushgate.runtime.telemetry.ErrorCounter;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;

/** Reads what is stored; what can't be read is counted, logged and left out. Any thread. */
final class Decoder {
    private static final Logger log = LoggerFactory.getLogger(Decoder.class);

    private final ErrorCounter errors;

    Decoder(MeterRegistry registry) {
        this.errors = new ErrorCounter(registry, MailboxMeters.ROLE);
    }

    void corrupt(MailboxError kind, InvalidInputException reason) {
        errors.count(kind);
        log.warn("left out of Redis' data: {}", reason.getMessage());
    }

    /** Counts what went wrong without anything stored being at fault. */
    void failed(MailboxError kind) {
        errors.count(kind);
    }

    /** The session, or null if the text is empty or none. */
    @Nullable StoredSession session(String text) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            return StoredSession.parse(text);
        } catch (InvalidInputException e) {
            corrupt(MailboxError.CORRUPT_SESSION, e);
            return null;
        }
    }

    /** The session's route, or null if the text is empty or no session. */
    @Nullable Route route(String text) {
        StoredSession session = session(text);
        return session == null ? null : session.route();
    }

    /** The device's record, or null if the text is empty or none. */
    @Nullable StoredDevice device(String text) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            return StoredDevice.parse(text);
        } catch (InvalidInputException e) {
            corrupt(MailboxError.CORRUPT_SESSION, e);
            return null;
        }
    }

    /** The receipts that make up the rest of a reply. */
    List<OutboxReceipt> receipts(int shard, Reply reply) {
        List<OutboxReceipt> receipts = new ArrayList<>();
        while (reply.hasNext()) {
            String outboxId = reply.text();
            String text = reply.text();
            try {
                receipts.add(StoredReceipt.parse(shard, outboxId, text));
            } catch (InvalidInputException e) {
                corrupt(MailboxError.CORRUPT_RECEIPT, e);
            }
        }
        return receipts;
    }

    /**
     * A position that a script made.
     *
     * @throws IllegalStateException if it is none
     */
    static Position position(String text) {
        try {
            return Position.parse(text);
        } catch (InvalidInputException e) {
            throw new IllegalStateException("script returned the position " + text, e);
        }
    }
}
