package io.pushgate.access;

import io.pushgate.mailbox.OutboxReceipt;
import io.pushgate.mailbox.ReceiptPublisher;
import io.pushgate.runtime.Deadline;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Produces receipts on a thread of its own, as Kafka's producer may block. At most {@value
 * #MAX_QUEUED} wait; the rest is left in the outbox, where the delayer's sweep finds it. Any thread
 * may hand receipts in.
 */
final class ReceiptRelay implements ReceiptSink, AutoCloseable {
    private static final int MAX_QUEUED = 20_000;
    private static final int MAX_BATCH = 500;
    private static final long LOOK_EVERY_MILLIS = 10;

    private final ReceiptPublisher publisher;
    private final AccessMetrics metrics;
    private final BlockingQueue<OutboxReceipt> queue = new ArrayBlockingQueue<>(MAX_QUEUED);
    private final AtomicInteger open = new AtomicInteger();
    private @Nullable Thread thread;

    ReceiptRelay(ReceiptPublisher publisher, AccessMetrics metrics) {
        this.publisher = publisher;
        this.metrics = metrics;
    }

    /** Receipts handed in and not published yet. */
    int open() {
        return open.get();
    }

    void start() {
        thread = Thread.ofPlatform().daemon().name("access-receipts").start(this::run);
    }

    @Override
    public void accept(List<OutboxReceipt> receipts) {
        for (int i = 0; i < receipts.size(); i++) {
            open.incrementAndGet();
            if (!queue.offer(receipts.get(i))) {
                open.decrementAndGet();
                metrics.error(AccessError.RECEIPTS_DROPPED);
            }
        }
    }

    private void run() {
        List<OutboxReceipt> batch = new ArrayList<>();
        try {
            while (true) {
                batch.add(queue.take());
                queue.drainTo(batch, MAX_BATCH - 1);
                publish(List.copyOf(batch));
                batch.clear();
            }
        } catch (InterruptedException e) {
            // closing: what is queued stays in the outbox
        }
    }

    private void publish(List<OutboxReceipt> batch) {
        try {
            publisher
                    .publishOutbox(batch)
                    .whenComplete(
                            (done, cause) -> {
                                open.addAndGet(-batch.size());
                                if (cause != null) {
                                    metrics.error(AccessError.RECEIPTS_DROPPED);
                                }
                            });
        } catch (RuntimeException e) {
            open.addAndGet(-batch.size());
            metrics.error(AccessError.RECEIPTS_DROPPED);
        }
    }

    /**
     * Blocks until everything handed in is published, or the deadline has passed; returns how many
     * are not.
     */
    int await(Deadline deadline) throws InterruptedException {
        while (open.get() > 0 && !deadline.expired()) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
        return open.get();
    }

    @Override
    public void close() throws InterruptedException {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            running.join(1_000);
        }
    }
}
