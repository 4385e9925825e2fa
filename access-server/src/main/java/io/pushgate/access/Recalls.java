package io.pushgate.access;

import io.pushgate.protocol.Position;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Messages of one device that were taken back and may still come, from a dispatcher or with a page
 * that was read before: at most {@value #MAX}, the oldest give way, as what comes that late is
 * rare. One thread.
 */
final class Recalls {
    static final int MAX = 64;

    private @Nullable Set<Position> positions;

    void add(Position position) {
        Set<Position> all = positions;
        if (all == null) {
            all = new LinkedHashSet<>();
            positions = all;
        }
        if (all.size() == MAX) {
            all.remove(all.iterator().next());
        }
        all.add(position);
    }

    /** Whether the message was taken back; forgets it. */
    boolean take(Position position) {
        return positions != null && positions.remove(position);
    }
}
