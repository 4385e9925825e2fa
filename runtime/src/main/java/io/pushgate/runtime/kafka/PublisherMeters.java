package io.pushgate.runtime.kafka;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.runtime.telemetry.Meters;
import io.pushgate.runtime.telemetry.RuntimeMeters;

import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;

import java.util.concurrent.atomic.AtomicLong;

/** The meters of one publisher; any thread. */
final class PublisherMeters implements AutoCloseable {
    private final MeterRegistry registry;
    private final String client;
    private final Counter sent;
    private final Gauge pending;

    PublisherMeters(MeterRegistry registry, String client, AtomicLong pending) {
        this.registry = registry;
        this.client = client;
        this.sent = Meters.counter(registry, RuntimeMeters.PUBLISHER_SENT, "client", client);
        this.pending =
                Meters.gauge(
                        registry, RuntimeMeters.PUBLISHER_PENDING, pending::get, "client", client);
    }

    void sent() {
        sent.increment();
    }

    void failed(Throwable failure) {
        String reason =
                switch (failure) {
                    case BufferExhaustedException _ -> "buffer_full";
                    case TimeoutException _ -> "timeout";
                    case RecordTooLargeException _ -> "too_large";
                    case AuthorizationException _ -> "authorization";
                    case AuthenticationException _ -> "authentication";
                    default -> "other";
                };
        Meters.counter(
                        registry,
                        RuntimeMeters.PUBLISHER_FAILURES,
                        "client",
                        client,
                        "reason",
                        reason)
                .increment();
    }

    @Override
    public void close() {
        registry.remove(pending);
    }
}
