package io.pushgate.purger;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.pushgate.runtime.Backoff;
import io.pushgate.runtime.telemetry.Meters;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Calls Redis until it answers. */
final class Retries {
    private static final Logger log = LoggerFactory.getLogger(Retries.class);

    private final Backoff backoff;
    private final MeterRegistry registry;

    Retries(Backoff backoff, MeterRegistry registry) {
        this.backoff = backoff;
        this.registry = registry;
    }

    /**
     * Blocks until a try succeeds; the call has to be one that may be repeated.
     *
     * @param name what is called, a tag value and a word for the log
     * @throws InterruptedException when the thread is interrupted, while calling or pausing
     */
    <T> T untilAnswered(String name, Supplier<? extends CompletionStage<T>> call)
            throws InterruptedException {
        return untilAnswered(name, call, _ -> {});
    }

    /**
     * The same for calls that may fail in a way that a further try doesn't heal.
     *
     * @param onFailure is told of each failure, and may throw, which ends the tries
     */
    <T> T untilAnswered(
            String name,
            Supplier<? extends CompletionStage<T>> call,
            Consumer<? super Throwable> onFailure)
            throws InterruptedException {
        for (int failures = 1; ; failures++) {
            try {
                Timer.Sample sample = Timer.start();
                T answer = call.get().toCompletableFuture().get();
                sample.stop(Meters.latency(registry, PurgerMeters.ROUND_TRIPS, "call", name));
                if (failures > 1) {
                    log.info("{} works again after {} failures", name, failures - 1);
                }
                return answer;
            } catch (ExecutionException e) {
                Meters.counter(registry, PurgerMeters.RETRIES, "call", name).increment();
                // The powers of two only: an outage of an hour is a dozen lines.
                if (Integer.bitCount(failures) == 1) {
                    log.warn("{} failed {} times, trying again: {}", name, failures, e.toString());
                }
                onFailure.accept(e.getCause());
            }
            Thread.sleep(backoff.pause(failures));
        }
    }
}
