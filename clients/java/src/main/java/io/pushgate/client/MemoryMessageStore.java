package io.pushgate.client;

import io.pushgate.protocol.Position;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/** Remembers for the life of the process. Takes no memory to speak of while it is empty. */
final class MemoryMessageStore implements MessageStore {
    private final int capacity;
    private final Map<String, Position> positions = new LinkedHashMap<>();
    private @Nullable String lastId;

    MemoryMessageStore(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1: " + capacity);
        }
        this.capacity = capacity;
    }

    @Override
    public synchronized @Nullable Position find(String id) {
        return positions.get(id);
    }

    @Override
    public synchronized void remember(String id, Position position) {
        // Removed first, so that an id used again counts as new when the oldest go.
        positions.remove(id);
        positions.put(id, position);
        lastId = id;
        if (positions.size() > capacity) {
            var oldest = positions.entrySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    @Override
    public synchronized @Nullable String lastId() {
        return lastId;
    }

    /** Oldest first. */
    synchronized Map<String, Position> copy() {
        return new LinkedHashMap<>(positions);
    }
}
