package io.pushgate.client;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs a client's callbacks one after the other, in order: at once on the caller's thread where the
 * app gave no executor, else on that. The queue is bounded by the client, which stops reading.
 */
final class Callbacks implements Executor {
    private final @Nullable Executor delegate;
    private final Runnable onRejected;
    private final Queue<Runnable> queue = new ArrayDeque<>(0);
    private boolean draining;
    private boolean rejected;
    private volatile @Nullable Thread runner;

    /**
     * @param onRejected called once, when the executor takes no more; tasks are dropped from then
     */
    Callbacks(@Nullable Executor delegate, Runnable onRejected) {
        this.delegate = delegate;
        this.onRejected = onRejected;
    }

    /** Whether the caller stands in a callback. */
    boolean isRunningHere() {
        return Thread.currentThread().equals(runner);
    }

    /** Whether tasks are dropped. */
    boolean isRejected() {
        synchronized (queue) {
            return rejected;
        }
    }

    @Override
    public void execute(Runnable task) {
        if (delegate == null) {
            runInPlace(task);
            return;
        }
        synchronized (queue) {
            if (rejected) {
                return;
            }
            queue.add(task);
            if (draining) {
                return;
            }
            draining = true;
        }
        submit(delegate);
    }

    private void submit(Executor executor) {
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException e) {
            synchronized (queue) {
                rejected = true;
                queue.clear();
            }
            onRejected.run();
        }
    }

    private void drain() {
        runner = Thread.currentThread();
        try {
            for (Runnable task = poll(); task != null; task = poll()) {
                task.run();
            }
        } finally {
            runner = null;
        }
    }

    private @Nullable Runnable poll() {
        synchronized (queue) {
            Runnable task = queue.poll();
            draining = task != null;
            return task;
        }
    }

    private void runInPlace(Runnable task) {
        Thread before = runner;
        runner = Thread.currentThread();
        try {
            task.run();
        } finally {
            runner = before;
        }
    }
}
