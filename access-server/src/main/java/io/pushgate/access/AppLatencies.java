package io.pushgate.access;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.pushgate.runtime.telemetry.Meters;

import java.util.concurrent.ConcurrentHashMap;

/**
 * How long messages took from the request to the ack, by app and platform. Tokens name both, so
 * both are bounded: what comes after the first {@value #MAX_PAIRS} pairs is {@code other}. Any
 * thread.
 */
final class AppLatencies {
    /** Some 20 series each in Prometheus: a thousand a node. */
    static final int MAX_PAIRS = 50;

    private static final Key OTHER = new Key("other", "other");

    private final MeterRegistry registry;
    private final ConcurrentHashMap<Key, Timer> timers = new ConcurrentHashMap<>();

    AppLatencies(MeterRegistry registry) {
        this.registry = registry;
    }

    /** The timer for the app's devices on the platform; a session looks it up once. */
    Timer of(String app, String platform) {
        Key key = new Key(app, platform);
        Timer known = timers.get(key);
        return known == null ? letIn(key) : known;
    }

    /** A pair is let in for good, so that its histogram never goes backwards. */
    private synchronized Timer letIn(Key key) {
        Key counted = timers.containsKey(key) || timers.size() < MAX_PAIRS ? key : OTHER;
        return timers.computeIfAbsent(counted, this::register);
    }

    private Timer register(Key key) {
        return Meters.latency(
                registry, AccessMeters.END_TO_END, "app", key.app, "platform", key.platform);
    }

    private record Key(String app, String platform) {}
}
