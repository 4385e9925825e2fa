package io.pushgate.client;

import io.pushgate.protocol.Position;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * What a client remembers of the messages that the app has processed: the newest ids, up to a
 * bound, the very last one of its inbox, and how far it has got in each broadcast log.
 *
 * <p>An id is remembered <em>after</em> the app's callback returned and <em>before</em> the ack
 * goes out. So whatever moment a process dies at, a message the gateway thinks delivered was
 * processed, and a message that was remembered is not handed on again; one processed and not yet
 * remembered is. Positions tell a repeat from a business that uses an id again after the 24 h in
 * which it means the same message.
 *
 * <p>Implementations are safe for use by several threads. One store serves one device of one app.
 */
public interface MessageStore {
    /** As many as the gateway keeps in an inbox by default. */
    int DEFAULT_CAPACITY = 1_000;

    /** Where a remembered message stood, null for one that is not (or no longer) remembered. */
    @Nullable Position find(String id);

    /**
     * Remembers a message, forgetting the oldest beyond the bound.
     *
     * @throws java.io.UncheckedIOException if it could not be written down; it is remembered for
     *     the life of this object nevertheless
     */
    void remember(String id, Position position);

    /**
     * Remembers a message of a broadcast log, and that the app has got this far in it; else as
     * above.
     *
     * @param log its name, which holds no white space
     */
    void remember(String log, String id, Position position);

    /**
     * Remembers that the app has got this far in a broadcast log.
     *
     * @throws java.io.UncheckedIOException as above
     */
    void moveCursor(String log, Position position);

    /** How far the app has got in each broadcast log, by its name. */
    Map<String, Position> cursors();

    /** The message of the inbox remembered last, null when there is none. */
    @Nullable String lastId();

    /** A store that lives as long as the process, with {@link #DEFAULT_CAPACITY}. */
    static MessageStore inMemory() {
        return new MemoryMessageStore(DEFAULT_CAPACITY);
    }

    /**
     * @param capacity ids kept, at least 1; the window of the gateway (64) is the least that makes
     *     sense
     */
    static MessageStore inMemory(int capacity) {
        return new MemoryMessageStore(capacity);
    }
}
