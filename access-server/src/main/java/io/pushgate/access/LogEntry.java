package io.pushgate.access;

import io.netty.buffer.ByteBuf;
import io.pushgate.protocol.Broadcast;
import io.pushgate.protocol.Position;

import java.util.Set;

/**
 * A message of a broadcast log as it goes out: its frame, encoded once, lies in a chunk that it
 * shares with its neighbours. Whoever holds an entry holds a reference to the chunk.
 *
 * @param from where its frame begins in the chunk
 * @param to where it ends
 */
record LogEntry(
        Position position,
        Position previous,
        long expiresAt,
        Set<String> platforms,
        ByteBuf chunk,
        int from,
        int to) {
    LogEntry(Broadcast broadcast, ByteBuf chunk, int from, int to) {
        this(
                broadcast.position(),
                broadcast.previous(),
                broadcast.message().expiresAt(),
                broadcast.platforms(),
                chunk,
                from,
                to);
    }

    /** Its place, for nobody: it was taken back. Holds the same reference. */
    LogEntry recalled() {
        return new LogEntry(position, previous, 0, platforms, chunk, from, to);
    }

    int bytes() {
        return to - from;
    }

    boolean isFor(String platform, long nowMillis) {
        return expiresAt > nowMillis && (platforms.isEmpty() || platforms.contains(platform));
    }

    /** Whether its frame follows the other's without a gap, so that both are one write. */
    @SuppressWarnings("ReferenceEquality") // the very same memory is meant
    boolean isRightAfter(LogEntry other) {
        return chunk == other.chunk && from == other.to;
    }

    void retain() {
        chunk.retain();
    }

    void release() {
        chunk.release();
    }
}
