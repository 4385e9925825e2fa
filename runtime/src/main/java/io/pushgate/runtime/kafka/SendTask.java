package io.pushgate.runtime.kafka;

import io.pushgate.runtime.Ticker;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread of a {@link KafkaPublisher} that hands records to Kafka's producer, in order.
 *
 * <p>It is there because the producer blocks whoever sends while it doesn't know a topic, and it
 * forgets the topics when its broker goes away: here only this thread waits, and the records with
 * it.
 */
final class SendTask implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SendTask.class);
    private static final Duration CREATE_AGAIN = Duration.ofSeconds(1);

    private final Map<String, Object> settings;
    private final BlockingQueue<Outgoing> queue;
    private final Answers answers;
    private final Duration rest;
    private final Ticker ticker;
    private final CountDownLatch stop = new CountDownLatch(1);
    private @Nullable Producer<byte[], byte[]> producer;
    private volatile @Nullable Metric connections;
    private volatile @Nullable String problem;

    /** Takes the one answer to each record; on this thread or on Kafka's. */
    @FunctionalInterface
    interface Answers {
        /** Exactly one of {@code metadata} and {@code failure} is not null. */
        void answered(
                Outgoing record, @Nullable RecordMetadata metadata, @Nullable Throwable failure);
    }

    /**
     * @param rest between two looks at the queue: without one this thread is woken for each record,
     *     which costs whoever sends more than the record does. It is part of the time that records
     *     gather
     */
    SendTask(
            Map<String, Object> settings,
            BlockingQueue<Outgoing> queue,
            Answers answers,
            Duration rest,
            Ticker ticker) {
        this.settings = settings;
        this.queue = queue;
        this.answers = answers;
        this.rest = rest;
        this.ticker = ticker;
    }

    /** Connections to brokers at this moment; any thread. */
    int connections() {
        Metric metric = connections;
        return metric != null && metric.metricValue() instanceof Number number
                ? number.intValue()
                : 0;
    }

    /** Why there is no producer yet, or null; any thread. */
    @Nullable String problem() {
        return problem;
    }

    /** Asks the thread to end, after an interrupt at once; what it still has fails. */
    void stop() {
        stop.countDown();
    }

    @Override
    public void run() {
        while (!isStopping()) {
            try {
                if (producer == null) {
                    create();
                }
                Outgoing next = queue.poll(100, TimeUnit.MILLISECONDS);
                if (next != null) {
                    dispatchAll(next);
                    LockSupport.parkNanos(rest.toNanos());
                }
            } catch (InterruptedException | RuntimeException | Error e) {
                // It must not end: every record gets its answer by this thread.
                LOG.debug("Sending goes on", e);
            }
        }
        finish();
    }

    private void dispatchAll(Outgoing first) {
        for (Outgoing next = first; next != null; next = queue.poll()) {
            dispatch(next);
        }
    }

    private void dispatch(Outgoing next) {
        try {
            Producer<byte[], byte[]> ready = awaitTopic(next);
            // The answer comes by the callback; the returned future says the same.
            Future<RecordMetadata> _ =
                    ready.send(
                            next.record(),
                            (metadata, failure) ->
                                    answers.answered(
                                            next, failure == null ? metadata : null, failure));
        } catch (RuntimeException | Error e) {
            answers.answered(next, null, e);
        }
    }

    /** Waits while there is no Kafka; a topic that a Kafka doesn't have is an answer. */
    private Producer<byte[], byte[]> awaitTopic(Outgoing next) {
        while (true) {
            if (isStopping() || ticker.nanos() - next.deadline() >= 0) {
                throw new TimeoutException("Kafka was away for too long");
            }
            Producer<byte[], byte[]> current = producer;
            if (current == null) {
                create();
                continue;
            }
            try {
                List<PartitionInfo> _ = current.partitionsFor(next.record().topic());
                return current;
            } catch (TimeoutException e) {
                if (connections() > 0) {
                    throw e;
                }
            }
        }
    }

    /** It fails while no name of a broker can be resolved, so it is tried about once a second. */
    private void create() {
        try {
            Producer<byte[], byte[]> created = new KafkaProducer<>(settings);
            connections =
                    created.metrics().entrySet().stream()
                            .filter(metric -> metric.getKey().group().equals("producer-metrics"))
                            .filter(metric -> metric.getKey().name().equals("connection-count"))
                            .findFirst()
                            .orElseThrow()
                            .getValue();
            producer = created;
            problem = null;
        } catch (KafkaException e) {
            if (problem == null) {
                LOG.warn("Can't connect to Kafka yet: {}", Causes.describe(e));
            }
            problem = Causes.describe(e);
            try {
                boolean _ = stop.await(CREATE_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupted) {
                // Only the latch ends the thread.
            }
        }
    }

    private void finish() {
        boolean _ = Thread.interrupted();
        try {
            if (producer != null) {
                producer.close(Duration.ZERO);
            }
        } catch (RuntimeException e) {
            LOG.warn("The producer did not close cleanly", e);
        }
        for (Outgoing left = queue.poll(); left != null; left = queue.poll()) {
            answers.answered(left, null, new KafkaException("closed before it was sent"));
        }
    }

    private boolean isStopping() {
        return stop.getCount() == 0;
    }
}
