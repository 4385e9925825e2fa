package io.pushgate.access;

import io.pushgate.protocol.DeviceKey;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The newest session of each device that this node holds, those included that Redis has not
 * registered yet: a delivery may overtake the answer. Any thread; lookups take no lock.
 */
final class SessionRegistry {
    private final ConcurrentHashMap<DeviceKey, Session> sessions = new ConcurrentHashMap<>();

    /** Makes it the device's session, and returns the one it replaces. */
    @Nullable Session admit(Session session) {
        return sessions.put(session.device(), session);
    }

    /** Forgets the session, unless a newer one has taken its place. */
    void remove(Session session) {
        sessions.remove(session.device(), session);
    }

    @Nullable Session find(DeviceKey device) {
        return sessions.get(device);
    }

    int size() {
        return sessions.size();
    }

    /** A live view. */
    Collection<Session> all() {
        return sessions.values();
    }
}
