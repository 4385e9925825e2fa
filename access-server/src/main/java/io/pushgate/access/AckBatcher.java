package io.pushgate.access;

import io.netty.util.concurrent.EventExecutor;
import io.pushgate.mailbox.Ack;
import io.pushgate.mailbox.AckResult;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;
import io.pushgate.runtime.Backoff;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Gathers the acks of one event loop and hands them to the mailbox, one batch at a time: while one
 * is under way, and while Redis is away, each session's newest position overwrites the one before.
 * So it holds one entry a session at most. One thread only, that of its executor.
 */
final class AckBatcher {
    /** Acks of one batch at most. */
    private static final int MAX_BATCH = 2_000;

    private static final Backoff RETRY = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

    private final EventExecutor executor;
    private final Inbox inbox;
    private final long delayMicros;
    private final ReceiptSink receipts;
    private final AccessMetrics metrics;
    private ArrayList<Slot> queued = new ArrayList<>();
    private boolean scheduled;
    private boolean underWay;
    private int failures;

    AckBatcher(
            EventExecutor executor,
            Inbox inbox,
            Duration delay,
            ReceiptSink receipts,
            AccessMetrics metrics) {
        this.executor = executor;
        this.inbox = inbox;
        this.delayMicros = delay.toNanos() / 1_000;
        this.receipts = receipts;
        this.metrics = metrics;
    }

    /** Has the mailbox trimmed up to the position, soon. */
    void ack(Slot slot, Position upTo) {
        slot.upTo = upTo;
        if (!slot.queued) {
            slot.queued = true;
            queued.add(slot);
        }
        schedule(delayMicros);
    }

    /** Runs the task once nothing of the slot is queued or under way: at once where nothing is. */
    void whenFlushed(Slot slot, Runnable task) {
        if (slot.queued || slot.underWay) {
            slot.afterwards = task;
            schedule(0);
        } else {
            task.run();
        }
    }

    private void schedule(long afterMicros) {
        if (!scheduled && !underWay && !queued.isEmpty()) {
            scheduled = true;
            var _ = executor.schedule(this::flush, afterMicros, TimeUnit.MICROSECONDS);
        }
    }

    private void flush() {
        scheduled = false;
        if (underWay || queued.isEmpty()) {
            return;
        }
        List<Slot> batch = take();
        List<Ack> acks = new ArrayList<>(batch.size());
        for (Slot slot : batch) {
            acks.add(new Ack(slot.device, slot.route, slot.upTo));
            slot.queued = false;
            slot.underWay = true;
        }
        underWay = true;
        Async.on(
                executor,
                inbox.ack(acks),
                results -> flushed(batch, results),
                failure -> failed(batch));
    }

    private List<Slot> take() {
        if (queued.size() <= MAX_BATCH) {
            List<Slot> all = queued;
            queued = new ArrayList<>();
            return all;
        }
        List<Slot> head = queued.subList(0, MAX_BATCH);
        ArrayList<Slot> batch = new ArrayList<>(head);
        head.clear();
        return batch;
    }

    private void flushed(List<Slot> batch, List<AckResult> results) {
        underWay = false;
        failures = 0;
        for (int i = 0; i < batch.size(); i++) {
            Slot slot = batch.get(i);
            AckResult result = results.get(i);
            slot.underWay = false;
            receipts.accept(result.receipts());
            if (!result.current()) {
                slot.owner.sessionNotCurrent();
            }
            slot.runAfterwards();
        }
        schedule(delayMicros);
    }

    private void failed(List<Slot> batch) {
        underWay = false;
        metrics.error(AccessError.ACK_FAILED);
        for (Slot slot : batch) {
            slot.underWay = false;
            if (!slot.queued) {
                slot.queued = true;
                queued.add(slot);
            }
        }
        schedule(TimeUnit.MILLISECONDS.toMicros(RETRY.pause(++failures).toMillis()));
    }

    /** The place of one session in the batches. */
    static final class Slot {
        private final Owner owner;
        private final DeviceKey device;
        private Route route;
        private Position upTo = Position.NONE;
        private boolean queued;
        private boolean underWay;
        private @Nullable Runnable afterwards;

        Slot(Owner owner, DeviceKey device, Route route) {
            this.owner = owner;
            this.device = device;
            this.route = route;
        }

        void route(Route newRoute) {
            this.route = newRoute;
        }

        private void runAfterwards() {
            Runnable task = afterwards;
            if (task != null && !queued) {
                afterwards = null;
                task.run();
            }
        }
    }

    /** The session of a slot. */
    interface Owner {
        /** The mailbox knows another session of the device, or none. */
        void sessionNotCurrent();
    }
}
