package io.pushgate.runtime.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Health;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.config.KafkaConfig;

import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sends records to Kafka, each acknowledged by all in-sync replicas or failed; any thread.
 *
 * <p>Records with the same key keep their order, and no retry inside of it doubles one (idempotent
 * producer). Bounds: 32 MiB of records wait for Kafka ({@code buffer.memory}); who sends more waits
 * for room, 2 s at most ({@code max.block.ms}). While Kafka is away records wait for it; each is
 * answered within 120 s ({@code delivery.timeout.ms}), or twice that when Kafka goes away again.
 * All three can be set by {@link KafkaConfig#properties()}.
 */
public final class KafkaPublisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaPublisher.class);
    private static final Duration LINGER = Duration.ofMillis(2);
    private static final Duration LEAST_REST = Duration.ofMillis(1);
    private static final Duration SILENCE = Duration.ofSeconds(8);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final String name;
    private final String bootstrapServers;
    private final Ticker ticker = Ticker.system();
    private final BlockingQueue<Outgoing> queue = new LinkedBlockingQueue<>();
    private final int capacity;
    private final Semaphore room;
    private final long maxBlockMs;
    private final long patienceNanos;
    private final AtomicLong pending = new AtomicLong();
    private final PublisherMeters meters;
    private final SendTask task;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private volatile boolean closed;

    /** When Kafka last took a record, or the first one after a pause was sent. */
    private volatile long lastProgress = ticker.nanos();

    /**
     * Begins to connect; Kafka may be away.
     *
     * @param clientId the name of this client in the broker's logs and in the meters
     * @throws org.apache.kafka.common.config.ConfigException if Kafka's client refuses the
     *     properties
     */
    public KafkaPublisher(KafkaConfig kafka, String clientId, MeterRegistry registry) {
        this(kafka, clientId, registry, LINGER);
    }

    /**
     * The same for records that nobody waits for: a request to a broker costs it about as much as
     * twenty records, and each partition in it as much as several.
     *
     * @param linger how long records gather before they are sent ({@code linger.ms}); up to a fifth
     *     more passes before Kafka's client has them
     */
    public KafkaPublisher(
            KafkaConfig kafka, String clientId, MeterRegistry registry, Duration linger) {
        Map<String, Object> settings = KafkaSettings.producer(kafka, clientId, linger);
        ProducerConfig parsed = new ProducerConfig(settings);
        long buffer = parsed.getLong(ProducerConfig.BUFFER_MEMORY_CONFIG);
        this.name = "kafka publisher " + clientId;
        this.bootstrapServers = kafka.bootstrapServers();
        this.capacity = (int) Math.min(buffer, Integer.MAX_VALUE);
        this.room = new Semaphore(capacity, true);
        this.maxBlockMs = parsed.getLong(ProducerConfig.MAX_BLOCK_MS_CONFIG);
        this.patienceNanos =
                TimeUnit.MILLISECONDS.toNanos(
                        parsed.getInt(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG));
        this.meters = new PublisherMeters(registry, clientId, pending);
        this.task = new SendTask(settings, queue, this::answered, rest(linger), ticker);
        this.thread = Thread.ofPlatform().name("publish-" + clientId).daemon().start(task);
    }

    private static Duration rest(Duration linger) {
        Duration part = linger.dividedBy(5);
        return part.compareTo(LEAST_REST) < 0 ? LEAST_REST : part;
    }

    /**
     * Sends one record. Returns at once, except that the caller waits for room while the buffer is
     * full, up to {@code max.block.ms} (2 s): event loops, which may not, hand over to a thread
     * that may.
     *
     * @param headers added as they are; empty for none
     * @return completed once the record is safe, or failed with the reason, on a thread of Kafka's:
     *     what depends on it must not block. Never throws.
     */
    public CompletionStage<RecordMetadata> send(
            String topic, byte @Nullable [] key, byte[] value, Iterable<Header> headers) {
        CompletableFuture<RecordMetadata> result = new CompletableFuture<>();
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, null, key, value, headers);
        int size = Math.min(capacity, Outgoing.sizeOf(record));
        Throwable refused = enter(size);
        if (refused != null) {
            meters.failed(refused);
            result.completeExceptionally(refused);
            return result;
        }
        if (pending.getAndIncrement() == 0) {
            lastProgress = ticker.nanos();
        }
        Outgoing outgoing = new Outgoing(record, result, size, ticker.nanos() + patienceNanos);
        queue.add(outgoing);
        if (closed && queue.remove(outgoing)) {
            // Came too late for the thread to see it.
            answered(outgoing, null, new KafkaException("closed"));
        }
        return result;
    }

    /**
     * Waits until everything sent so far is answered, one way or the other.
     *
     * @return whether it was before the deadline
     */
    public boolean flush(Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (pending.get() > 0) {
                if (deadline.expired()) {
                    return false;
                }
                long _ = idle.awaitNanos(deadline.remainingNanos());
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether Kafka takes records now; any thread, returns at once. Not so without a connection to
     * any broker, or when records wait and none was taken for 8 s.
     */
    public Health.Check health() {
        if (closed) {
            return Health.Check.failing(name, "closed");
        }
        if (task.connections() == 0) {
            String problem = task.problem();
            return Health.Check.failing(
                    name,
                    "no connection to "
                            + bootstrapServers
                            + (problem == null ? "" : " (" + problem + ")"));
        }
        long silence = ticker.nanos() - lastProgress;
        if (pending.get() > 0 && silence > SILENCE.toNanos()) {
            return Health.Check.failing(
                    name,
                    pending.get()
                            + " records wait, none was taken for "
                            + TimeUnit.NANOSECONDS.toSeconds(silence)
                            + " s");
        }
        return Health.Check.ok(name, "connected");
    }

    /** Takes nothing more, waits up to 5 s for what is pending and fails the rest; idempotent. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            boolean _ = flush(Deadline.in(CLOSE_TIMEOUT, ticker));
            task.stop();
            thread.interrupt();
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            task.stop();
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
        if (pending.get() > 0) {
            LOG.warn("{} closed with {} records unanswered", name, pending.get());
        }
        meters.close();
    }

    /** Returns why there is no room, or null when it was taken. */
    private @Nullable Throwable enter(int size) {
        if (closed) {
            return new KafkaException("closed");
        }
        try {
            return room.tryAcquire(size, maxBlockMs, TimeUnit.MILLISECONDS)
                    ? null
                    : new BufferExhaustedException(
                            capacity
                                    + " bytes wait for Kafka, no room within "
                                    + maxBlockMs
                                    + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e;
        }
    }

    private void answered(
            Outgoing record, @Nullable RecordMetadata metadata, @Nullable Throwable failure) {
        room.release(record.size());
        if (failure == null) {
            meters.sent();
            lastProgress = ticker.nanos();
            record.result().complete(metadata);
        } else {
            meters.failed(failure);
            record.result().completeExceptionally(failure);
        }
        if (pending.decrementAndGet() == 0) {
            lock.lock();
            try {
                idle.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
