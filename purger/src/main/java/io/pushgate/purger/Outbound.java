package io.pushgate.purger;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.mailbox.OutboxReceipt;
import io.pushgate.mailbox.ReceiptPublisher;
import io.pushgate.protocol.Broadcast;
import io.pushgate.protocol.BroadcastCodec;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.DeliveryCodec;
import io.pushgate.protocol.Priority;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.StageTimes;
import io.pushgate.protocol.StageTimesCodec;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.kafka.KafkaPublisher;
import io.pushgate.runtime.telemetry.Meters;

import org.apache.kafka.common.header.internals.RecordHeader;

import java.util.List;

/** What the purger writes to Kafka; each record it comes from stays open until Kafka has it. */
final class Outbound {
    private final KafkaPublisher kafka;
    private final ReceiptPublisher receipts;
    private final SureProducer producer;
    private final Counter deliveries;

    Outbound(
            KafkaPublisher kafka,
            ReceiptPublisher receipts,
            SureProducer producer,
            MeterRegistry registry) {
        this.kafka = kafka;
        this.receipts = receipts;
        this.producer = producer;
        this.deliveries = Meters.counter(registry, PurgerMeters.DELIVERIES);
    }

    /** Hands a delivery to the dispatchers, in order per device and priority. */
    void deliver(OpenRecord from, Priority priority, Delivery delivery, StageTimes times)
            throws InterruptedException {
        send(
                from,
                Topics.deliveries(priority),
                delivery.device().toString(),
                DeliveryCodec.encode(delivery),
                times);
    }

    /** Hands a broadcast to the dispatchers, in order per log: there is one lane for all. */
    void broadcast(OpenRecord from, Broadcast broadcast, StageTimes times)
            throws InterruptedException {
        send(
                from,
                Topics.deliveries(Priority.NORMAL),
                broadcast.log().toString(),
                BroadcastCodec.encode(broadcast),
                times);
    }

    private void send(OpenRecord from, String topic, String key, byte[] value, StageTimes times)
            throws InterruptedException {
        from.opened();
        producer.send(
                () ->
                        kafka.send(
                                topic,
                                key.getBytes(UTF_8),
                                value,
                                List.of(
                                        new RecordHeader(
                                                Topics.TIMES_HEADER,
                                                StageTimesCodec.encode(times)))),
                () -> {
                    deliveries.increment();
                    from.closed();
                });
    }

    /** Leaves a request to whoever expands it; those with the same target keep their order. */
    void expand(Task task) throws InterruptedException {
        OpenRecord from = task.from();
        from.opened();
        producer.send(
                () ->
                        kafka.send(
                                Topics.EXPANSIONS,
                                Expansion.target(task.request()).getBytes(UTF_8),
                                from.record().value(),
                                ExpansionHeaders.of(task)),
                from::closed);
    }

    /** Tells the business that the request goes to nobody. */
    void rejected(Task task, String reason, long now) throws InterruptedException {
        receipt(
                task.from(),
                new Receipt(
                        task.request().id(),
                        task.request().app(),
                        null,
                        Receipt.Status.REJECTED,
                        now,
                        0,
                        reason));
    }

    /** Tells the business. */
    void receipt(OpenRecord from, Receipt receipt) throws InterruptedException {
        from.opened();
        producer.send(() -> receipts.publish(receipt), from::closed);
    }

    /** Puts a record where people look at what was refused. */
    void reject(OpenRecord from, Intake.Refused refused) throws InterruptedException {
        from.opened();
        RejectedRecord rejected = RejectedRecord.of(refused);
        producer.send(
                () ->
                        kafka.send(
                                Topics.REJECTED,
                                rejected.key(),
                                rejected.value(),
                                rejected.headers()),
                from::closed);
    }

    /**
     * Produces receipts that are durable in the outbox already, so no record waits for them; what
     * fails is the sweep's.
     */
    void outbox(List<OutboxReceipt> receiptsDue) throws InterruptedException {
        if (!receiptsDue.isEmpty()) {
            producer.send(() -> receipts.publishOutbox(receiptsDue), () -> {});
        }
    }
}
