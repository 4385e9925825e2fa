package io.pushgate.access;

import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Names;
import io.pushgate.protocol.Position;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/**
 * Where a client says that it stands in broadcast logs.
 *
 * @param kept whether the client keeps its cursors by itself, so that each ack need not be saved
 * @param positions by the log's name
 */
record Cursors(boolean kept, Map<String, Position> positions) {
    /** From a client that says nothing. */
    static final Cursors NONE = new Cursors(false, Map.of());

    /** Logs that one client may name: more than a device can follow, an app's and 200 groups'. */
    private static final int MAX = 256;

    /**
     * Reads {@code <log>:<position>,...}, which may be empty.
     *
     * @param text null where the client says nothing
     */
    static Cursors parse(@Nullable String text) throws InvalidInputException {
        if (text == null) {
            return NONE;
        }
        Map<String, Position> positions = new HashMap<>();
        if (!text.isEmpty()) {
            String[] parts = text.split(",", MAX + 1);
            if (parts.length > MAX) {
                throw new InvalidInputException("cursors names more than " + MAX + " logs");
            }
            for (String part : parts) {
                int colon = part.lastIndexOf(':');
                if (colon < 1 || !Names.isLog(part.substring(0, colon))) {
                    throw new InvalidInputException("cursors is not written log:position");
                }
                positions.put(part.substring(0, colon), Position.parse(part.substring(colon + 1)));
            }
        }
        return new Cursors(true, Map.copyOf(positions)); // a session keeps it
    }
}
