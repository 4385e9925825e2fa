package io.pushgate.access;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The groups that have a broadcast log, as the sessions of one event loop see it, and the sessions
 * that are to hear when another group comes to have one. One thread only, that of the loop.
 */
final class LoopGroups {
    private final Map<String, Set<String>> marked = new HashMap<>();
    private final Map<String, List<SessionGroups>> sessions = new HashMap<>();

    /** Whether the group has a log. */
    boolean isMarked(String app, String group) {
        return marked.getOrDefault(app, Set.of()).contains(group);
    }

    /** Whether any group of the app has one. */
    boolean isAnyMarked(String app) {
        return marked.containsKey(app);
    }

    /** From the hub: these groups have a log, too. */
    void marked(String app, Set<String> groups) {
        marked.computeIfAbsent(app, _ -> new HashSet<>()).addAll(groups);
        List.copyOf(sessions.getOrDefault(app, List.of()))
                .forEach(session -> session.marked(groups));
    }

    /** Nobody here follows a log of the app any more. */
    void forget(String app) {
        marked.remove(app);
    }

    void enter(String app, SessionGroups session) {
        List<SessionGroups> all = sessions.computeIfAbsent(app, _ -> new ArrayList<>());
        session.slot = all.size();
        all.add(session);
    }

    /** Harmless where it is not there. */
    void leave(String app, SessionGroups session) {
        int slot = session.slot;
        List<SessionGroups> all = sessions.get(app);
        if (slot < 0 || all == null) {
            return;
        }
        session.slot = -1;
        SessionGroups last = all.removeLast();
        if (last != session) {
            all.set(slot, last);
            last.slot = slot;
        }
        if (all.isEmpty()) {
            sessions.remove(app);
        }
    }
}
