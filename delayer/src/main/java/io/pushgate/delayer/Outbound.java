package io.pushgate.delayer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.DeliveryCodec;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.Backoff;
import io.pushgate.runtime.Retries;
import io.pushgate.runtime.kafka.KafkaPublisher;

import java.time.Duration;
import java.util.List;

/** Hands deliveries to the dispatchers; a claim was taken for each, so Kafka has to get it. */
final class Outbound {
    private final KafkaPublisher kafka;
    private final Retries retries =
            new Retries(new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2)));

    Outbound(KafkaPublisher kafka) {
        this.kafka = kafka;
    }

    /** Blocks until Kafka has the delivery. */
    void deliver(Delivery delivery) throws InterruptedException {
        retries.untilAnswered(
                "delivery",
                () ->
                        kafka.send(
                                Topics.DELIVERIES,
                                delivery.device().toString().getBytes(UTF_8),
                                DeliveryCodec.encode(delivery),
                                List.of()));
    }
}
