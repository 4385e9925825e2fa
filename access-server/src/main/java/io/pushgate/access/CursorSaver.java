package io.pushgate.access;

import io.netty.util.concurrent.EventExecutor;
import io.pushgate.mailbox.LogCursors;
import io.pushgate.runtime.Backoff;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Saves how far the devices of one event loop have got in broadcast logs, one batch at a time and
 * not often: what is lost with this node is sent once more. Holds one entry a session at most. One
 * thread only, that of its executor.
 */
final class CursorSaver {
    /** What acks of so long are gathered into. */
    private static final Duration DELAY = Duration.ofMillis(500);

    private static final int MAX_BATCH = 2_000;
    private static final Backoff RETRY = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

    private final EventExecutor executor;
    private final LogSource source;
    private final AccessMetrics metrics;
    private final ArrayList<Slot> queued = new ArrayList<>();
    private boolean scheduled;
    private boolean underWay;
    private int failures;

    CursorSaver(EventExecutor executor, LogSource source, AccessMetrics metrics) {
        this.executor = executor;
        this.source = source;
        this.metrics = metrics;
    }

    /** Saves what the slot then has, within a second or so. */
    void save(Slot slot) {
        if (!slot.queued) {
            slot.queued = true;
            queued.add(slot);
        }
        schedule(DELAY.toMillis());
    }

    /** The same, soon, and runs the task once it is saved. */
    void save(Slot slot, Runnable afterwards) {
        slot.afterwards = afterwards;
        save(slot);
        if (!underWay) {
            var _ = executor.schedule(this::flush, 5, TimeUnit.MILLISECONDS);
        }
    }

    private void schedule(long afterMillis) {
        if (!scheduled && !underWay && !queued.isEmpty()) {
            scheduled = true;
            var _ = executor.schedule(this::flush, afterMillis, TimeUnit.MILLISECONDS);
        }
    }

    private void flush() {
        scheduled = false;
        if (underWay || queued.isEmpty()) {
            return;
        }
        List<Slot> head = queued.subList(0, Math.min(MAX_BATCH, queued.size()));
        List<Slot> batch = List.copyOf(head);
        head.clear();
        List<LogCursors> cursors = new ArrayList<>(batch.size());
        for (Slot slot : batch) {
            slot.queued = false;
            cursors.add(slot.owner.cursors());
        }
        underWay = true;
        Async.on(executor, source.saveCursors(cursors), _ -> flushed(batch), _ -> failed(batch));
    }

    private void flushed(List<Slot> batch) {
        underWay = false;
        failures = 0;
        for (Slot slot : batch) {
            slot.owner.saved();
            Runnable task = slot.afterwards;
            if (task != null && !slot.queued) {
                slot.afterwards = null;
                task.run();
            }
        }
        schedule(DELAY.toMillis());
    }

    private void failed(List<Slot> batch) {
        underWay = false;
        metrics.error(AccessError.CURSORS_FAILED);
        for (Slot slot : batch) {
            if (!slot.queued) {
                slot.queued = true;
                queued.add(slot);
            }
        }
        schedule(RETRY.pause(++failures).toMillis());
    }

    /** The place of one session in the batches. */
    static final class Slot {
        private final Owner owner;
        private boolean queued;
        private @Nullable Runnable afterwards;

        Slot(Owner owner) {
            this.owner = owner;
        }
    }

    /** The session of a slot. */
    interface Owner {
        /** Where its device stands now, in the logs where that has changed. */
        LogCursors cursors();

        /** What was asked for last is saved. */
        void saved();
    }
}
