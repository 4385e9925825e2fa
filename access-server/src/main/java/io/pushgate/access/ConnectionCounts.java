package io.pushgate.access;

import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.runtime.telemetry.Meters;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Open sessions by platform and client version, and by app. Devices name the first two, so they are
 * bounded, and apps are as well: what comes after the first {@value #MAX_PLATFORMS} platforms,
 * {@value #MAX_VERSIONS} versions and {@value #MAX_APPS} apps is {@code other}. Any thread.
 */
final class ConnectionCounts {
    static final int MAX_PLATFORMS = 20;
    static final int MAX_VERSIONS = 50;
    static final int MAX_APPS = 50;
    private static final int MAX_VERSION_LENGTH = 40;
    private static final String OTHER = "other";

    private final MeterRegistry registry;
    private final Set<String> platforms = ConcurrentHashMap.newKeySet();
    private final Set<String> versions = ConcurrentHashMap.newKeySet();
    private final Set<String> apps = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<Key, AtomicInteger> counts = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, AtomicInteger> appCounts = new ConcurrentHashMap<>();
    private final AtomicInteger total = new AtomicInteger();

    ConnectionCounts(MeterRegistry registry) {
        this.registry = registry;
    }

    /** What a client says of its version, cut to what may stand in a tag and in Redis. */
    static String tidy(String version) {
        StringBuilder tidy = new StringBuilder(Math.min(version.length(), MAX_VERSION_LENGTH));
        for (int i = 0; i < version.length() && tidy.length() < MAX_VERSION_LENGTH; i++) {
            char c = version.charAt(i);
            boolean kept =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || "._/-".indexOf(c) >= 0;
            tidy.append(kept ? c : '_');
        }
        return tidy.isEmpty() ? "unknown" : tidy.toString();
    }

    int total() {
        return total.get();
    }

    void opened(String app, String platform, String version) {
        count(app, platform, version, 1);
    }

    void closed(String app, String platform, String version) {
        count(app, platform, version, -1);
    }

    private void count(String app, String platform, String version, int change) {
        total.addAndGet(change);
        appCounts
                .computeIfAbsent(bounded(apps, app, MAX_APPS), this::registerApp)
                .addAndGet(change);
        Key key =
                new Key(
                        bounded(platforms, platform, MAX_PLATFORMS),
                        bounded(versions, version, MAX_VERSIONS));
        counts.computeIfAbsent(key, this::register).addAndGet(change);
    }

    /** A value is let in for good, so that one session always counts under one key. */
    private synchronized String bounded(Set<String> seen, String value, int most) {
        if (seen.contains(value)) {
            return value;
        }
        return seen.size() < most && seen.add(value) ? value : OTHER;
    }

    private AtomicInteger register(Key key) {
        AtomicInteger count = new AtomicInteger();
        Meters.gauge(
                registry,
                AccessMeters.CONNECTIONS,
                count::get,
                "platform",
                key.platform,
                "version",
                key.version);
        return count;
    }

    private AtomicInteger registerApp(String app) {
        AtomicInteger count = new AtomicInteger();
        Meters.gauge(registry, AccessMeters.APP_CONNECTIONS, count::get, "app", app);
        return count;
    }

    private record Key(String platform, String version) {}
}
