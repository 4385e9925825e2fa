package io.pushgate.runtime.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;

/**
 * The handler thread of a {@link ConsumerLoop}: one batch after the other, each until it is
 * handled.
 */
final class HandlerTask implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(HandlerTask.class);

    private final String topic;
    private final int mostRecords;
    private final BlockingQueue<Batch> queue;
    private final BatchHandler handler;
    private final ConsumerMeters meters;
    private final CountDownLatch stop;
    private final RetryPause pause;
    private final Rewinder rewinder;

    /** Reads the partitions again; returns when everything polled was let go of. */
    interface Rewinder {
        void rewind(Duration back) throws InterruptedException;
    }

    /**
     * @param mostRecords given to the handler at a time
     * @param stop at zero the thread ends, at its next interrupt at the latest
     */
    HandlerTask(
            String topic,
            int mostRecords,
            BlockingQueue<Batch> queue,
            BatchHandler handler,
            ConsumerMeters meters,
            Rewinder rewinder,
            CountDownLatch stop) {
        this.topic = topic;
        this.mostRecords = mostRecords;
        this.queue = queue;
        this.handler = handler;
        this.meters = meters;
        this.rewinder = rewinder;
        this.stop = stop;
        this.pause = new RetryPause(stop, Duration.ofMillis(200), Duration.ofSeconds(30));
    }

    @Override
    public void run() {
        while (stop.getCount() > 0) {
            try {
                handle(next());
            } catch (InterruptedException e) {
                // Only closing means it; anyone else's interrupt must not end the thread.
            }
        }
    }

    /** The oldest batch, with those behind it as far as they go together. */
    private Batch next() throws InterruptedException {
        Batch batch = queue.take();
        Batch behind = queue.peek();
        while (behind != null && batch.absorb(behind, mostRecords)) {
            queue.remove();
            behind = queue.peek();
        }
        return batch;
    }

    private void handle(Batch batch) {
        while (stop.getCount() > 0) {
            List<ConsumerRecord<byte[], byte[]>> records = batch.begin();
            if (records.isEmpty()) {
                return;
            }
            try {
                handler.handle(records, batch);
                pause.reset();
                return;
            } catch (RewindException e) {
                if (rewound(e)) {
                    batch.letGoOfLeaving();
                    return;
                }
            } catch (InterruptedException | RuntimeException | Error e) {
                // A batch that fails is tried again for ever: skipping it would lose its records.
                if (stop.getCount() > 0) {
                    retryAfter(e, records.size());
                }
            }
        }
    }

    /** False if the loop ends meanwhile; then nothing matters any more. */
    private boolean rewound(RewindException wanted) {
        try {
            LOG.warn("Handler of {}: {}", topic, wanted.getMessage());
            rewinder.rewind(wanted.back());
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void retryAfter(Throwable failure, int records) {
        pause.after(
                (wait, isFirst) -> {
                    meters.handlerFailed();
                    LOG.error(
                            "Handler of {} failed on a batch of {} records, next try in {} ms: {}",
                            topic,
                            records,
                            wait.toMillis(),
                            Causes.describe(failure),
                            isFirst ? failure : null);
                });
    }
}
