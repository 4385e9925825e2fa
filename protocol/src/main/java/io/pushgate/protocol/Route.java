package io.pushgate.protocol;

/**
 * Where a device is connected.
 *
 * @param node the access node's id
 * @param session the session's number; of two routes of one device the larger is the newer
 */
public record Route(String node, long session) {
    public boolean isNewerThan(Route other) {
        return session > other.session;
    }

    /** The session's name on the wire: {@code <node>-<number>}. */
    public String sessionId() {
        return node + "-" + session;
    }
}
