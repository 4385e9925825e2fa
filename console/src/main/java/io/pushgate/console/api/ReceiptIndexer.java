package io.pushgate.console.api;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.console.ConsoleMeters;
import io.pushgate.mailbox.MessageIndex;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.ReceiptCodec;
import io.pushgate.runtime.Backoff;
import io.pushgate.runtime.Retries;
import io.pushgate.runtime.kafka.BatchHandler;
import io.pushgate.runtime.kafka.Completions;
import io.pushgate.runtime.telemetry.Meters;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;

/**
 * Keeps receipts in the index: one round trip for the messages of a poll, again until Redis
 * answers. Keeping one twice changes nothing.
 */
public final class ReceiptIndexer implements BatchHandler {
    private static final Logger log = LoggerFactory.getLogger(ReceiptIndexer.class);

    private final MessageIndex index;
    private final Retries redis;
    private final Counter indexed;
    private final Counter failures;

    public ReceiptIndexer(MessageIndex index, Backoff backoff, MeterRegistry registry) {
        this.index = index;
        this.redis = new Retries(backoff);
        this.indexed = Meters.counter(registry, ConsoleMeters.INDEXED);
        this.failures = Meters.counter(registry, ConsoleMeters.INDEX_FAILURES, "of", "receipts");
    }

    @Override
    public void handle(List<ConsumerRecord<byte[], byte[]>> batch, Completions done)
            throws InterruptedException {
        List<Receipt> receipts = new ArrayList<>(batch.size());
        for (ConsumerRecord<byte[], byte[]> record : batch) {
            try {
                receipts.add(ReceiptCodec.decode(record.value()));
            } catch (InvalidInputException e) {
                log.warn("left out of the index: {}", e.getMessage());
            }
        }
        redis.untilAnswered("index", () -> index.receipts(receipts), _ -> failures.increment());
        indexed.increment(receipts.size());
        done.completeAll(batch);
    }
}
