package io.pushgate.runtime.telemetry;

import io.micrometer.core.instrument.MeterRegistry;

import java.util.Locale;

/** Counts the errors of one role by kind: {@code pushgate.errors{role,kind}}; any thread. */
public final class ErrorCounter {
    private final MeterRegistry registry;
    private final String role;

    public ErrorCounter(MeterRegistry registry, String role) {
        this.registry = registry;
        this.role = role;
    }

    /**
     * @param kind an enum constant, so that the set is closed; the tag is its name in lower case
     */
    public void count(Enum<?> kind) {
        String tag = kind.name().toLowerCase(Locale.ROOT);
        Meters.counter(registry, RuntimeMeters.ERRORS, "role", role, "kind", tag).increment();
    }
}
