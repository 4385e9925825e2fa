package io.pushgate.faults.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.protocol.Priority;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.PushRequestCodec;
import io.pushgate.protocol.Target;
import io.pushgate.protocol.Topics;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Publishes push requests at a steady rate to random devices, whatever becomes of them, and single
 * ones on request. Those of one device are sent in the order of their numbers: the device is the
 * key, the producer is idempotent. Any thread.
 */
public final class Publisher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Publisher.class);
    private static final Duration TTL = Duration.ofMinutes(30);
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final Account account;
    private final String app;
    private final IntFunction<String> names;
    private final int payloadBytes;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Object order = new Object();
    private volatile double rate;
    private volatile Priority priority = Priority.NORMAL;
    private volatile boolean closed;
    private @Nullable Thread thread;

    /**
     * @param names of the devices, by index
     * @param payloadBytes size of a message's data, about
     */
    public Publisher(
            Account account,
            String kafka,
            String app,
            IntFunction<String> names,
            int payloadBytes) {
        this.account = account;
        this.app = app;
        this.names = names;
        this.payloadBytes = payloadBytes;
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka,
                                ProducerConfig.CLIENT_ID_CONFIG, "faults",
                                ProducerConfig.ACKS_CONFIG, "all",
                                ProducerConfig.LINGER_MS_CONFIG, 5,
                                ProducerConfig.MAX_BLOCK_MS_CONFIG, 120_000,
                                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000,
                                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 180_000,
                                ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        producer.partitionsFor(Topics.REQUESTS);
    }

    /**
     * Begins to publish.
     *
     * @param perSecond messages, over all devices
     * @param devices indexes below it are chosen from
     */
    public void start(double perSecond, int devices, long seed) {
        rate = perSecond;
        SplittableRandom random = new SplittableRandom(seed);
        thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("faults-publisher")
                        .start(() -> run(devices, random));
    }

    /** Of the messages from now on; they go to the requests of that lane. */
    public void priority(Priority lane) {
        priority = lane;
    }

    /** Messages a second from now on. */
    public void rate(double perSecond) {
        rate = perSecond;
    }

    /** Stops, and waits until Kafka has what was sent, or the time is up. */
    public void stop(Duration atMost) throws InterruptedException {
        rate = 0;
        closed = true;
        Thread running = thread;
        if (running != null) {
            var _ = running.join(atMost);
        }
        Thread flush = Thread.ofPlatform().daemon().start(this::flush);
        var _ = flush.join(atMost);
    }

    /** Publishes one message to a device, now. */
    public void send(int device) {
        // Numbered and sent in one step: Kafka keeps the order in which send is called.
        synchronized (order) {
            Life life = account.begin(device, System.nanoTime());
            PushRequest request =
                    PushRequest.of(
                                    account.id(life),
                                    app,
                                    new Target.Device(names.apply(device), Set.of()),
                                    payload(life.number))
                            .withReceipt()
                            .withTtl(TTL);
            Priority lane = priority;
            send(
                    life,
                    Topics.requests(lane),
                    PushRequestCodec.encode(request.withPriority(lane)),
                    names.apply(device));
        }
    }

    /** Publishes bytes that mean nothing, and does not look whether Kafka takes them. */
    public void fill(String topic, int bytes) {
        byte[] noise = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(noise);
        try {
            var _ = producer.send(new ProducerRecord<>(topic, noise));
        } catch (KafkaException e) {
            log.debug("not taken: {}", e.getMessage());
        }
    }

    /** Publishes a record that is not booked, without waiting for Kafka. */
    public void sendLater(String topic, byte[] key, byte[] value) {
        try {
            var _ =
                    producer.send(
                            new ProducerRecord<>(topic, key, value),
                            (_, failure) -> {
                                if (failure != null) {
                                    log.warn("not taken by Kafka: {}", failure.getMessage());
                                }
                            });
        } catch (KafkaException e) {
            log.warn("not taken by Kafka: {}", e.getMessage());
        }
    }

    /** Publishes bytes that are no request of ours; Kafka has them when this returns. */
    public void sendRaw(String topic, byte @Nullable [] key, byte @Nullable [] value)
            throws InterruptedException {
        try {
            var _ =
                    producer.send(new ProducerRecord<>(topic, key, value))
                            .get(30, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException
                | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException("a raw record was not taken by Kafka", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        producer.close(CLOSING);
    }

    private void send(Life life, String topic, byte[] value, String device) {
        try {
            var _ =
                    producer.send(
                            new ProducerRecord<>(topic, device.getBytes(UTF_8), value),
                            (metadata, failure) -> answered(life, metadata, failure));
        } catch (InterruptException | IllegalStateException e) {
            account.failed(life, "interrupted");
        } catch (KafkaException e) {
            account.failed(life, String.valueOf(e.getMessage()));
        }
    }

    private void answered(Life life, RecordMetadata metadata, @Nullable Exception failure) {
        if (failure == null) {
            String place = metadata.partition() + ":" + metadata.offset();
            account.published(life, System.nanoTime(), place);
        } else {
            account.failed(life, String.valueOf(failure.getMessage()));
        }
    }

    private byte[] payload(int number) {
        String head = "{\"n\":" + number + ",\"pad\":\"";
        return (head + "x".repeat(Math.max(0, payloadBytes - head.length() - 2)) + "\"}")
                .getBytes(UTF_8);
    }

    private void run(int devices, SplittableRandom random) {
        double owed = 0;
        long last = System.nanoTime();
        while (!closed) {
            long now = System.nanoTime();
            owed += (now - last) / 1e9 * rate;
            last = now;
            for (; owed >= 1 && !closed; owed--) {
                send(random.nextInt(devices));
            }
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }

    private void flush() {
        try {
            producer.flush();
        } catch (InterruptException | IllegalStateException e) {
            // Closed meanwhile; the account says what was not taken.
        }
    }
}
