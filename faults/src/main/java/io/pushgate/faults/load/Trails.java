package io.pushgate.faults.load;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What happened to each device lately. Any thread. */
final class Trails {
    private static final int MAX_EVENTS = 60;

    private final Map<Integer, Deque<String>> events = new ConcurrentHashMap<>();

    void add(int device, String event) {
        Deque<String> own = events.computeIfAbsent(device, _ -> new ArrayDeque<>());
        synchronized (own) {
            own.add(event);
            if (own.size() > MAX_EVENTS) {
                own.remove();
            }
        }
    }

    /** Oldest first. */
    List<String> of(int device) {
        Deque<String> own = events.getOrDefault(device, new ArrayDeque<>());
        synchronized (own) {
            return List.copyOf(own);
        }
    }
}
