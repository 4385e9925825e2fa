package io.pushgate.console.api;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.console.ConsoleMeters;
import io.pushgate.mailbox.MessageIndex;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.ReceiptCodec;
import io.pushgate.runtime.Backoff;
import io.pushgate.runtime.kafka.BatchHandler;
import io.pushgate.runtime.kafka.Completions;
import io.pushgate.runtime.telemetry.Meters;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Keeps receipts in the index: one round trip for the messages of a poll, again until Redis
 * answers. Keeping one twice changes nothing.
 */
public final class ReceiptIndexer implements BatchHandler {
    private static final Logger log = LoggerFactory.getLogger(ReceiptIndexer.class);

    private final MessageIndex index;
    private final Backoff backoff;
    private final Counter indexed;
    private final Counter failures;

    public ReceiptIndexer(MessageIndex index, Backoff backoff, MeterRegistry registry) {
        this.index = index;
        this.backoff = backoff;
        this.indexed = Meters.counter(registry, ConsoleMeters.INDEXED);
        this.failures = Meters.counter(registry, ConsoleMeters.INDEX_FAILURES, "of", "receipts");
    }

    private record MessageKey(String app, String id) {}

    @Override
    public void handle(List<ConsumerRecord<byte[], byte[]>> batch, Completions done)
            throws InterruptedException {
        Map<MessageKey, List<Receipt>> byMessage = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : batch) {
            try {
                Receipt receipt = ReceiptCodec.decode(record.value());
                byMessage
                        .computeIfAbsent(
                                new MessageKey(receipt.app(), receipt.id()), _ -> new ArrayList<>())
                        .add(receipt);
            } catch (InvalidInputException e) {
                log.warn("left out of the index: {}", e.getMessage());
            }
        }
        for (int failed = 1; !kept(byMessage); failed++) {
            failures.increment();
            Thread.sleep(backoff.pause(failed));
        }
        indexed.increment(byMessage.values().stream().mapToInt(List::size).sum());
        done.completeAll(batch);
    }

    private boolean kept(Map<MessageKey, List<Receipt>> byMessage) throws InterruptedException {
        List<CompletableFuture<Void>> writes = new ArrayList<>();
        byMessage.forEach(
                (message, receipts) ->
                        writes.add(
                                index.receipts(message.app, message.id, receipts)
                                        .toCompletableFuture()));
        try {
            CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new)).get();
            return true;
        } catch (ExecutionException e) {
            log.debug("the index does not answer", e);
            return false;
        }
    }
}
