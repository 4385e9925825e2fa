package io.pushgate.runtime;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** Calls what has to answer until it does, with pauses; each caller blocks its own thread. */
public final class Retries {
    private static final Logger log = LoggerFactory.getLogger(Retries.class);

    /** What is called. */
    @FunctionalInterface
    public interface Call<T> {
        CompletionStage<T> start() throws InterruptedException;
    }

    private final Backoff backoff;

    public Retries(Backoff backoff) {
        this.backoff = backoff;
    }

    /**
     * Blocks until a try succeeds; the call has to be one that may be repeated.
     *
     * @param name what is called, for the log
     * @throws InterruptedException when the thread is interrupted, while calling or pausing
     */
    public <T> T untilAnswered(String name, Call<T> call) throws InterruptedException {
        return untilAnswered(name, call, _ -> {});
    }

    /**
     * The same for calls that may fail in a way that a further try doesn't heal.
     *
     * @param onFailure is told of each failure, and may throw, which ends the tries
     */
    public <T> T untilAnswered(String name, Call<T> call, Consumer<? super Throwable> onFailure)
            throws InterruptedException {
        for (int failures = 1; ; failures++) {
            try {
                T answer = call.start().toCompletableFuture().get();
                if (failures > 1) {
                    log.info("{} works again after {} failures", name, failures - 1);
                }
                return answer;
            } catch (ExecutionException e) {
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
