package io.pushgate.runtime.kafka;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.runtime.telemetry.MeterName;
import io.pushgate.runtime.telemetry.Meters;
import io.pushgate.runtime.telemetry.RuntimeMeters;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * The meters of one consumer loop, by topic and group; any thread.
 *
 * <p>They balance: records = completed + dropped + in flight.
 */
final class ConsumerMeters implements AutoCloseable {
    private final MeterRegistry registry;
    private final String[] tags;
    private final List<Meter> gauges = new ArrayList<>();
    private final Counter records;
    private final Counter completed;
    private final Counter dropped;
    private final Counter pauses;
    private final Counter rewinds;
    private final Counter pollErrors;
    private final Counter handlerErrors;
    private volatile long lag;
    private volatile boolean paused;

    ConsumerMeters(MeterRegistry registry, String topic, String group, InFlight inFlight) {
        this.registry = registry;
        this.tags = new String[] {"topic", topic, "group", group};
        this.records = Meters.counter(registry, RuntimeMeters.CONSUMER_RECORDS, tags);
        this.completed = Meters.counter(registry, RuntimeMeters.CONSUMER_COMPLETED, tags);
        this.dropped = Meters.counter(registry, RuntimeMeters.CONSUMER_DROPPED, tags);
        this.pauses = Meters.counter(registry, RuntimeMeters.CONSUMER_PAUSES, tags);
        this.rewinds = Meters.counter(registry, RuntimeMeters.CONSUMER_REWINDS, tags);
        this.pollErrors = Meters.counter(registry, RuntimeMeters.CONSUMER_POLL_ERRORS, tags);
        this.handlerErrors = Meters.counter(registry, RuntimeMeters.CONSUMER_HANDLER_ERRORS, tags);
        gauge(RuntimeMeters.CONSUMER_LAG, () -> lag);
        gauge(RuntimeMeters.CONSUMER_PAUSED, () -> paused ? 1 : 0);
        gauge(RuntimeMeters.CONSUMER_IN_FLIGHT, inFlight::records);
        gauge(RuntimeMeters.CONSUMER_IN_FLIGHT_BYTES, inFlight::bytes);
    }

    void polled(int count) {
        records.increment(count);
    }

    void completed(int count) {
        completed.increment(count);
    }

    void dropped(int count) {
        dropped.increment(count);
    }

    void paused(boolean now) {
        if (now) {
            pauses.increment();
        }
        paused = now;
    }

    void rewound() {
        rewinds.increment();
    }

    void pollFailed() {
        pollErrors.increment();
    }

    void handlerFailed() {
        handlerErrors.increment();
    }

    void lag(long count) {
        lag = count;
    }

    void committed(boolean ok) {
        count(RuntimeMeters.CONSUMER_COMMITS, "result", ok ? "ok" : "failed");
    }

    /**
     * @param kind {@code assigned}, {@code revoked} or {@code lost}
     */
    void rebalanced(String kind) {
        count(RuntimeMeters.CONSUMER_REBALANCES, "kind", kind);
    }

    /** Takes the gauges back; counters stay, as a loop that comes after goes on with them. */
    @Override
    public void close() {
        gauges.forEach(registry::remove);
        gauges.clear();
    }

    private void count(MeterName name, String tag, String value) {
        String[] all = Arrays.copyOf(tags, tags.length + 2);
        all[tags.length] = tag;
        all[tags.length + 1] = value;
        Meters.counter(registry, name, all).increment();
    }

    private void gauge(MeterName name, Supplier<Number> value) {
        gauges.add(Meters.gauge(registry, name, value, tags));
    }
}
