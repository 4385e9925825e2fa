package io.pushgate.runtime.tls;

import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;

import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;

/**
 * The keys of OpenSSL's session tickets: a new one every twelve hours, the one before is still
 * taken. So a client resumes its session for twelve to 24 hours, and a key that leaks opens no more
 * than that. They live in this process only: at another node a client shakes hands in full. Used by
 * one thread at a time. (The JDK's TLS looks after its own.)
 */
final class TicketKeys {
    static final Duration LIFETIME = Duration.ofHours(12);

    private final SecureRandom random = new SecureRandom();
    private OpenSslSessionTicketKey current = create();
    private @Nullable OpenSslSessionTicketKey previous;
    private Instant since;

    TicketKeys(Instant now) {
        this.since = now;
    }

    /** Makes a new key where the current one is old enough; true if so. */
    boolean rotate(Instant now) {
        if (now.isBefore(since.plus(LIFETIME))) {
            return false;
        }
        previous = current;
        current = create();
        since = now;
        return true;
    }

    void applyTo(OpenSslSessionContext sessions) {
        OpenSslSessionTicketKey old = previous;
        if (old == null) {
            sessions.setTicketKeys(current);
        } else {
            sessions.setTicketKeys(current, old);
        }
    }

    private OpenSslSessionTicketKey create() {
        return new OpenSslSessionTicketKey(
                bytes(OpenSslSessionTicketKey.NAME_SIZE),
                bytes(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
                bytes(OpenSslSessionTicketKey.AES_KEY_SIZE));
    }

    private byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }
}
