package io.pushgate.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Route;

import org.junit.jupiter.api.Test;

class RouteCacheTest {
    private static final DeviceKey DEVICE = new DeviceKey("shop", "till");
    private static final Route OLD = new Route("n1", 7);
    private static final Route NEW = new Route("n2", 8);

    private final RouteCache cache = new RouteCache(100);

    @Test
    void anOlderRouteNeverTakesThePlaceOfANewerOne() {
        assertThat(cache.newest(DEVICE, OLD)).isEqualTo(OLD);
        assertThat(cache.newest(DEVICE, NEW)).isEqualTo(NEW);
        assertThat(cache.newest(DEVICE, OLD)).isEqualTo(NEW);
    }

    @Test
    void forgetsOnlyTheRouteThatIsNamed() {
        cache.newest(DEVICE, NEW);
        cache.forget(DEVICE, OLD);
        assertThat(cache.newest(DEVICE, OLD)).isEqualTo(NEW);
        cache.forget(DEVICE, NEW);
        assertThat(cache.newest(DEVICE, OLD)).isEqualTo(OLD);
    }

    @Test
    void isBounded() {
        for (int i = 0; i < 10_000; i++) {
            cache.newest(new DeviceKey("shop", "d" + i), OLD);
        }
        await().until(() -> cache.size() <= 100);
    }
}
