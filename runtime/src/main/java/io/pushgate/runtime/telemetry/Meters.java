package io.pushgate.runtime.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import java.time.Duration;
import java.util.function.Supplier;

/** Registers meters by their {@link MeterName}; asking twice gives the same meter. */
public final class Meters {
    /** 1 ms to 60 s, roughly 1-2-5: the same everywhere, so that nodes can be added up. */
    private static final Duration[] LATENCY_BUCKETS = {
        Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(5), Duration.ofMillis(10),
        Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofMillis(100),
                Duration.ofMillis(200),
        Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5),
        Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(60)
    };

    /** 1 s to a week: what lasts as long as somebody's working day. */
    private static final Duration[] DURATION_BUCKETS = {
        Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(5),
        Duration.ofMinutes(30), Duration.ofHours(2), Duration.ofHours(8), Duration.ofDays(1),
        Duration.ofDays(7)
    };

    private Meters() {}

    /**
     * @param tags names and values by turns; values from closed sets only
     */
    public static Counter counter(MeterRegistry registry, MeterName name, String... tags) {
        return Counter.builder(name.meterName())
                .description(name.description())
                .tags(tags)
                .register(registry);
    }

    /**
     * A gauge that keeps what it reads alive until it is removed from the registry; {@code value}
     * is called by the threads that scrape.
     *
     * @param tags names and values by turns; values from closed sets only
     */
    public static Gauge gauge(
            MeterRegistry registry, MeterName name, Supplier<Number> value, String... tags) {
        return Gauge.builder(name.meterName(), value)
                .description(name.description())
                .tags(tags)
                .register(registry);
    }

    /**
     * A timer whose histogram has the same buckets on every node, 1 ms to 60 s, so that percentiles
     * can be taken over all of them.
     *
     * @param tags names and values by turns; values from closed sets only
     */
    public static Timer latency(MeterRegistry registry, MeterName name, String... tags) {
        return timer(registry, name, LATENCY_BUCKETS, tags);
    }

    /**
     * A timer for what lasts seconds to days; its histogram has the same buckets on every node, 1 s
     * to a week.
     *
     * @param tags names and values by turns; values from closed sets only
     */
    public static Timer duration(MeterRegistry registry, MeterName name, String... tags) {
        return timer(registry, name, DURATION_BUCKETS, tags);
    }

    private static Timer timer(
            MeterRegistry registry, MeterName name, Duration[] buckets, String... tags) {
        return Timer.builder(name.meterName())
                .description(name.description())
                .tags(tags)
                .serviceLevelObjectives(buckets)
                .register(registry);
    }
}
