package io.pushgate.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.protocol.PresenceEvent;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.kafka.KafkaPublisher;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

/**
 * Produces presence events on a thread of its own, as Kafka's producer may block. At most {@value
 * #MAX_QUEUED} wait; what comes beyond that is dropped and counted, as is what Kafka does not take:
 * presence is news, and who needs the state asks for it. Any thread may hand events in.
 */
final class PresenceRelay implements Consumer<PresenceEvent>, AutoCloseable {
    static final int MAX_QUEUED = 20_000;

    private final AccessMetrics metrics;
    private final BlockingQueue<PresenceEvent> queue = new ArrayBlockingQueue<>(MAX_QUEUED);
    private @Nullable Thread thread;

    PresenceRelay(AccessMetrics metrics) {
        this.metrics = metrics;
    }

    void start(KafkaPublisher kafka) {
        thread = Thread.ofPlatform().daemon().name("access-presence").start(() -> run(kafka));
    }

    @Override
    public void accept(PresenceEvent event) {
        if (!queue.offer(event)) {
            metrics.error(AccessError.PRESENCE_DROPPED);
        }
    }

    private void run(KafkaPublisher kafka) {
        try {
            while (true) {
                PresenceEvent event = queue.take();
                byte[] key = event.device().toString().getBytes(UTF_8);
                kafka.send(Topics.PRESENCE, key, event.encode(), List.of())
                        .whenComplete(
                                (done, cause) -> {
                                    if (cause != null) {
                                        metrics.error(AccessError.PRESENCE_DROPPED);
                                    }
                                });
            }
        } catch (InterruptedException e) {
            // closing: what is queued is dropped
        }
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
