package io.pushgate.purger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.runtime.Backoff;
import io.pushgate.runtime.telemetry.Meters;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Sends to Kafka until Kafka has it. At most {@code limit} sends are outstanding: beyond it the
 * caller waits, which is what bounds the purger's memory while Kafka is away.
 */
final class SureProducer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SureProducer.class);

    private final Semaphore permits;
    private final Backoff backoff;
    private final Counter retries;
    private final MeterRegistry registry;
    private final Gauge unacknowledged;
    private final ScheduledThreadPoolExecutor retrier;

    SureProducer(int limit, Backoff backoff, MeterRegistry registry) {
        this.permits = new Semaphore(limit);
        this.backoff = backoff;
        this.retries = Meters.counter(registry, PurgerMeters.RETRIES, "call", "produce");
        this.registry = registry;
        this.unacknowledged =
                Meters.gauge(
                        registry,
                        PurgerMeters.UNACKNOWLEDGED,
                        () -> limit - permits.availablePermits());
        this.retrier =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("purger-produce-retry").factory());
        retrier.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Sends, and again after a pause where it failed.
     *
     * @param send one try; called on this thread, later ones on the retry thread
     * @param acked called once, on any thread, when a try succeeded; never after {@link #close}
     *     gave up on it
     * @throws InterruptedException while it waited for room
     */
    void send(Supplier<? extends CompletionStage<?>> send, Runnable acked)
            throws InterruptedException {
        permits.acquire();
        attempt(send, acked, 1);
    }

    private void attempt(Supplier<? extends CompletionStage<?>> send, Runnable acked, int attempt) {
        var _ =
                tryOnce(send)
                        .whenComplete(
                                (ignored, failure) -> {
                                    if (failure == null) {
                                        permits.release();
                                        acked.run();
                                    } else {
                                        retry(send, acked, attempt, failure);
                                    }
                                });
    }

    /** A send that throws counts as failed too: its permit must not be lost. */
    private static CompletionStage<?> tryOnce(Supplier<? extends CompletionStage<?>> send) {
        try {
            return send.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void retry(
            Supplier<? extends CompletionStage<?>> send,
            Runnable acked,
            int failures,
            Throwable failure) {
        retries.increment();
        log.debug("produce failed {} times, trying again", failures, failure);
        try {
            var _ =
                    retrier.schedule(
                            () -> attempt(send, acked, failures + 1),
                            backoff.pause(failures).toMillis(),
                            TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // Closed: the record stays incomplete, and whoever gets the partition next sends again.
            permits.release();
        }
    }

    /** Gives up on what failed; what is on its way may still be acknowledged. */
    @Override
    public void close() {
        retrier.shutdownNow();
        registry.remove(unacknowledged);
    }
}
