package io.pushgate.access;

import io.netty.util.concurrent.EventExecutor;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Brings what another thread found out back to an event loop. */
final class Async {
    private Async() {}

    /** Runs one of the two on the executor; neither once the executor has shut down. */
    static <T> void on(
            EventExecutor executor,
            CompletionStage<T> stage,
            Consumer<? super T> success,
            Consumer<Throwable> failure) {
        stage.whenComplete(
                (value, cause) ->
                        execute(
                                executor,
                                () -> {
                                    if (cause == null) {
                                        success.accept(value);
                                    } else {
                                        failure.accept(cause);
                                    }
                                }));
    }

    /** Asks; a question that throws fails the stage. */
    static <T> CompletionStage<T> ask(Supplier<CompletionStage<T>> question) {
        try {
            return question.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Runs the task on the executor, always later; returns false once that has shut down. */
    static boolean execute(EventExecutor executor, Runnable task) {
        try {
            executor.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false; // the node is closing, and what the task was about goes with it
        }
    }
}
