package io.pushgate.client;

import io.pushgate.protocol.Position;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** Remembers for the life of the process. Takes no memory to speak of while it is empty. */
final class MemoryMessageStore implements MessageStore {
    private final int capacity;
    private final Map<String, Position> positions = new LinkedHashMap<>();
    private Map<String, Position> cursors = Map.of();
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
        put(id, position);
        lastId = id;
    }

    @Override
    public synchronized void remember(String log, String id, Position position) {
        put(id, position);
        moveCursor(log, position);
    }

    @Override
    public synchronized void moveCursor(String log, Position position) {
        if (cursors.isEmpty()) {
            cursors = new LinkedHashMap<>(2);
        }
        cursors.merge(log, position, (a, b) -> b.isAfter(a) ? b : a);
    }

    @Override
    public synchronized Map<String, Position> cursors() {
        return Map.copyOf(cursors);
    }

    private void put(String id, Position position) {
        // Removed first, so that an id used again counts as new when the oldest go.
        positions.remove(id);
        positions.put(id, position);
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
    synchronized SequencedMap<String, Position> copy() {
        return new LinkedHashMap<>(positions);
    }
}
