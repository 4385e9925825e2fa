package io.pushgate.dispatcher;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Route;

/**
 * The newest route seen of each device, fenced by session number: an older route never takes the
 * place of a newer one. Bounded; the least used go first. Any thread.
 *
 * <p>Redis is not asked: each delivery carries the route that was current when it was made, so what
 * is missing here is in the record, and what is stale here comes back as a bounce.
 */
final class RouteCache {
    private final Cache<DeviceKey, Route> routes;

    RouteCache(int size) {
        routes = Caffeine.newBuilder().maximumSize(size).build();
    }

    /** The newer one of {@code seen} and what is remembered, remembered from now on. */
    Route newest(DeviceKey device, Route seen) {
        return routes.asMap()
                .merge(device, seen, (known, other) -> other.isNewerThan(known) ? other : known);
    }

    /** Forgets the route if it is still the one remembered. */
    void forget(DeviceKey device, Route stale) {
        routes.asMap().remove(device, stale);
    }

    /** How many are remembered, about. */
    long size() {
        return routes.estimatedSize();
    }
}
