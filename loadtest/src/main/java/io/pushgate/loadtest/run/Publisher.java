package io.pushgate.loadtest.run;

import io.pushgate.loadtest.KafkaTrouble;
import io.pushgate.loadtest.LoadTestException;
import io.pushgate.loadtest.control.Plan;
import io.pushgate.loadtest.machine.Pacer;
import io.pushgate.loadtest.machine.WallClock;
import io.pushgate.protocol.Topics;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.BitSet;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Publishes to {@code push.requests} by the plan, whatever becomes of the messages: an open loop.
 * It wakes once a millisecond and sends all that is due; when it is held up, what is overdue goes
 * at once, and counts as latency, since that is measured from when a message was due ("coordinated
 * omission", Gil Tene).
 */
final class Publisher implements AutoCloseable {
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final long TICK_NANOS = 1_000_000;

    private final Plan plan;
    private final RequestTemplate template;
    private final KafkaProducer<byte[], byte[]> producer;
    private final BitSet confirmed = new BitSet(); // Guarded by itself.
    private final AtomicLong confirmedCount = new AtomicLong();
    private final AtomicLong expected = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private volatile String lastError = "";

    /**
     * @throws LoadTestException if Kafka can't be reached or has no such topic
     */
    Publisher(RunConfig config, Plan plan) throws LoadTestException {
        this.plan = plan;
        this.template =
                new RequestTemplate(
                        plan,
                        config.load().bytes(),
                        config.receipts(),
                        new SplittableRandom(plan.seed()));
        String bootstrap = config.target().kafkaBootstrap();
        try {
            producer =
                    new KafkaProducer<>(
                            KafkaClients.properties(config.target(), settings()),
                            new ByteArraySerializer(),
                            new ByteArraySerializer());
        } catch (KafkaException e) {
            throw KafkaTrouble.of(bootstrap, Topics.REQUESTS, e);
        }
        try {
            // Fetches the topic's metadata, which the first message would wait for.
            producer.partitionsFor(Topics.REQUESTS);
        } catch (KafkaException e) {
            close();
            throw KafkaTrouble.of(bootstrap, Topics.REQUESTS, e);
        }
    }

    private static Map<String, Object> settings() {
        return Map.of(
                ProducerConfig.CLIENT_ID_CONFIG,
                "pushgate-loadtest",
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.LINGER_MS_CONFIG,
                1,
                ProducerConfig.BATCH_SIZE_CONFIG,
                128 * 1024,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                10_000,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                10_000,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                30_000);
    }

    /**
     * Sends every message when it is due and returns when the last is sent.
     *
     * @param start when message 0 is due, on the clock of {@link System#nanoTime}
     * @param goOn asked once a tick; false ends it early
     */
    void publish(long start, BooleanSupplier goOn) throws InterruptedException {
        long startMicros = WallClock.microsAt(start);
        int message = 0;
        while (message < plan.messages() && goOn.getAsBoolean()) {
            long elapsed = System.nanoTime() - start;
            while (message < plan.messages()
                    && TimeUnit.MICROSECONDS.toNanos(plan.offsetMicros(message)) <= elapsed) {
                send(message, startMicros + plan.offsetMicros(message));
                message++;
            }
            long next =
                    message < plan.messages()
                            ? TimeUnit.MICROSECONDS.toNanos(plan.offsetMicros(message))
                            : 0;
            Pacer.awaitTime(start + Math.max(next, System.nanoTime() - start + TICK_NANOS));
        }
    }

    /** How many messages Kafka has. */
    long confirmed() {
        return confirmedCount.get();
    }

    /** How many deliveries these make. */
    long expected() {
        return expected.get();
    }

    long errors() {
        return errors.get();
    }

    /** Empty for none. */
    String lastError() {
        return lastError;
    }

    /** A copy: which messages Kafka has. */
    BitSet confirmedMessages() {
        synchronized (confirmed) {
            return (BitSet) confirmed.clone();
        }
    }

    private void send(int message, long due) throws InterruptedException {
        long now = WallClock.micros();
        var record =
                new ProducerRecord<>(
                        Topics.REQUESTS,
                        null,
                        TimeUnit.MICROSECONDS.toMillis(now),
                        template.key(message),
                        template.request(message, due, now));
        try {
            var _ = producer.send(record, (_, failure) -> sent(message, failure));
        } catch (InterruptException e) {
            // Kafka has set the flag again; it is for whoever calls Thread.interrupted() next.
            Thread.interrupted();
            InterruptedException interrupted = new InterruptedException();
            interrupted.initCause(e);
            throw interrupted;
        } catch (KafkaException e) {
            sent(message, e);
        }
    }

    private void sent(int message, @Nullable Exception failure) {
        if (failure != null) {
            lastError = String.valueOf(failure.getMessage());
            errors.incrementAndGet();
            return;
        }
        synchronized (confirmed) {
            confirmed.set(message);
        }
        expected.addAndGet(plan.fanOut(message));
        confirmedCount.incrementAndGet();
    }

    @Override
    public void close() {
        producer.close(CLOSING);
    }
}
