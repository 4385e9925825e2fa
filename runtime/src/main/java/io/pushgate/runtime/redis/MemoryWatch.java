package io.pushgate.runtime.redis;

import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.runtime.telemetry.Meters;

/** Knows how full the fullest primary is, as of the last time it was asked; any thread. */
final class MemoryWatch {
    private volatile MemoryUse fullest = MemoryUse.UNKNOWN;

    /** Asks every primary; one that does not answer leaves what was known as it is. */
    void ask(RedisBackend backend) {
        var _ =
                backend.memory()
                        .whenComplete(
                                (answers, failure) -> {
                                    if (failure == null) {
                                        fullest =
                                                answers.stream()
                                                        .map(MemoryUse::parse)
                                                        .max(MemoryUse.BY_FULLNESS)
                                                        .orElse(MemoryUse.UNKNOWN);
                                    }
                                });
    }

    void bindTo(MeterRegistry registry) {
        Meters.gauge(registry, RedisMeters.MEMORY_USED, () -> fullest.usedBytes());
        Meters.gauge(registry, RedisMeters.MEMORY_LIMIT, () -> fullest.limitBytes());
    }
}
