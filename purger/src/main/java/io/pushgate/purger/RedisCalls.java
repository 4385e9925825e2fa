package io.pushgate.purger;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.pushgate.runtime.Backoff;
import io.pushgate.runtime.Retries;
import io.pushgate.runtime.telemetry.Meters;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Calls Redis until it answers, and meters how long that takes and how often it fails. */
final class RedisCalls {
    private final Retries retries;
    private final MeterRegistry registry;

    RedisCalls(Backoff backoff, MeterRegistry registry) {
        this.retries = new Retries(backoff);
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
        return retries.untilAnswered(
                name,
                () -> timed(name, call),
                failure -> {
                    Meters.counter(registry, PurgerMeters.RETRIES, "call", name).increment();
                    onFailure.accept(failure);
                });
    }

    private <T> CompletionStage<T> timed(String name, Supplier<? extends CompletionStage<T>> call) {
        Timer.Sample sample = Timer.start();
        return call.get()
                .thenApply(
                        answer -> {
                            sample.stop(
                                    Meters.latency(
                                            registry, PurgerMeters.ROUND_TRIPS, "call", name));
                            return answer;
                        });
    }
}
