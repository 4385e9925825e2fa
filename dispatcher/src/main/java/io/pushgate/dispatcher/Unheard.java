package io.pushgate.dispatcher;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.mailbox.NodeBus;
import io.pushgate.runtime.redis.Subscribers;
import io.pushgate.runtime.telemetry.Meters;

import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Publishes again what nobody was subscribed to. An access node whose subscription was cut has it
 * back within some 100 ms, and a node that died is known as dead after some seconds; without this
 * whatever falls into the gap waits for the delayer's first backoff.
 *
 * <p>Nothing waits for it, so a delivery may come after its successor. The node has fetched it from
 * the inbox by then, and knows a position it has sent. Any thread.
 */
final class Unheard implements AutoCloseable {
    /** Beyond it they are left to the delayer; each has up to {@code maxBatchBytes}. */
    static final int MOST_WAITING = 64;

    /** Tries after 100, 200 and 400 ms more: together less than the shortest sensible backoff. */
    private static final int MOST_TRIES = 3;

    private static final long FIRST_PAUSE_MILLIS = 100;

    private final NodeBus bus;
    private final MeterRegistry registry;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Gauge waitingGauge;
    private final Counter heard;
    private final Counter left;
    private final Counter overflowed;
    private final ScheduledExecutorService timer;

    Unheard(NodeBus bus, MeterRegistry registry) {
        this.bus = bus;
        this.registry = registry;
        this.waitingGauge = Meters.gauge(registry, DispatcherMeters.UNHEARD_WAITING, waiting::get);
        this.heard = outcome("heard");
        this.left = outcome("left");
        this.overflowed = outcome("overflowed");
        this.timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("dispatcher-unheard").factory());
    }

    private Counter outcome(String outcome) {
        return Meters.counter(registry, DispatcherMeters.UNHEARD, "outcome", outcome);
    }

    /** Has it published again soon, unless too many wait for that already. */
    void retry(NodeBatches.Outgoing outgoing) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            end(overflowed);
        } else {
            schedule(outgoing, 1);
        }
    }

    private void schedule(NodeBatches.Outgoing outgoing, int attempt) {
        try {
            var _ =
                    timer.schedule(
                            () -> publish(outgoing, attempt),
                            FIRST_PAUSE_MILLIS << (attempt - 1),
                            TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            end(left); // closed
        }
    }

    private void publish(NodeBatches.Outgoing outgoing, int attempt) {
        var _ =
                bus.publish(outgoing.node(), outgoing.message())
                        .whenComplete(
                                (subscribers, failure) -> {
                                    if (failure == null && subscribers != Subscribers.NONE) {
                                        end(heard);
                                    } else if (attempt < MOST_TRIES) {
                                        schedule(outgoing, attempt + 1);
                                    } else {
                                        end(left);
                                    }
                                });
    }

    private void end(Counter how) {
        waiting.decrementAndGet();
        how.increment();
    }

    /** What still waits is left to the delayer. */
    @Override
    public void close() {
        timer.shutdownNow();
        registry.remove(waitingGauge);
    }
}
