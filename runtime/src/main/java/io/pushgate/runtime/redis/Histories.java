package io.pushgate.runtime.redis;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The histories of data (see {@link Replication}) that primaries have named so far; one a failover,
 * so never many. Any thread.
 */
final class Histories {
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    /** Whether none has been noted yet. */
    boolean isEmpty() {
        return known.isEmpty();
    }

    /** Notes it and returns whether it was new. */
    boolean add(String history) {
        return known.add(history);
    }

    /** Notes them and returns whether one was new although others were known before. */
    boolean changedBy(Set<String> histories) {
        boolean first = known.isEmpty();
        return known.addAll(histories) && !first;
    }
}
