package io.pushgate.delayer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.DeliveryCodec;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.Backoff;
import io.pushgate.runtime.kafka.KafkaPublisher;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Hands deliveries to the dispatchers; a claim was taken for each, so Kafka has to get it. */
final class Outbound {
    private static final Logger log = LoggerFactory.getLogger(Outbound.class);

    private final KafkaPublisher kafka;
    private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));

    Outbound(KafkaPublisher kafka) {
        this.kafka = kafka;
    }

    /** Blocks until Kafka has the delivery. */
    void deliver(Delivery delivery) throws InterruptedException {
        for (int failures = 1; ; failures++) {
            try {
                kafka.send(
                                Topics.DELIVERIES,
                                delivery.device().toString().getBytes(UTF_8),
                                DeliveryCodec.encode(delivery),
                                List.of())
                        .toCompletableFuture()
                        .get();
                return;
            } catch (ExecutionException e) {
                log.debug("delivery to {} not produced, trying again", delivery.device(), e);
            }
            Thread.sleep(backoff.pause(failures));
        }
    }
}
