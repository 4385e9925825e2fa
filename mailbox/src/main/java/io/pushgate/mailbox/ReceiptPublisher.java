package io.pushgate.mailbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.ReceiptCodec;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.kafka.KafkaPublisher;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Produces receipts to {@code push.receipts}, keyed by message id, and takes those of the outbox
 * out of it once Kafka has them.
 *
 * <p>Each receipt handed in is counted in exactly one of {@code pushgate.receipts.published} and
 * {@code pushgate.receipts.failed}. Any thread may call; a call may wait as long as {@link
 * KafkaPublisher#send}, which is 2 s while Kafka is away, so event loops have to hand over.
 */
public final class ReceiptPublisher {
    /** Receipts that Kafka has, by status. */
    public static final String PUBLISHED = "pushgate.receipts.published";

    /** Receipts that Kafka did not take; those of the outbox are left to the delayer's sweep. */
    public static final String FAILED = "pushgate.receipts.failed";

    /** Outbox entries that Kafka has but Redis still holds: the sweep produces them once more. */
    public static final String UNCONFIRMED = "pushgate.receipts.unconfirmed";

    /**
     * How long receipts gather on their way to Kafka. Nobody waits for one, and there are two of
     * them to each message.
     */
    public static final Duration LINGER = Duration.ofMillis(100);

    private static final Logger log = LoggerFactory.getLogger(ReceiptPublisher.class);

    private final KafkaPublisher kafka;
    private final Mailbox mailbox;
    private final FirstAcks firstAcks;
    private final Map<Receipt.Status, Counter> published = new EnumMap<>(Receipt.Status.class);
    private final Counter failed;
    private final Counter unconfirmed;

    /**
     * @param bus tells connected devices that a message was taken back, where another acked first
     */
    public ReceiptPublisher(
            KafkaPublisher kafka, Mailbox mailbox, NodeBus bus, MeterRegistry registry) {
        this.kafka = kafka;
        this.mailbox = mailbox;
        this.firstAcks = new FirstAcks(mailbox, new Withdrawals(mailbox, bus), registry);
        for (Receipt.Status status : Receipt.Status.values()) {
            published.put(
                    status,
                    Counter.builder(PUBLISHED)
                            .description("Receipts that Kafka has")
                            .tag("status", status.wireName())
                            .register(registry));
        }
        failed =
                Counter.builder(FAILED)
                        .description("Receipts that Kafka did not take")
                        .register(registry);
        unconfirmed =
                Counter.builder(UNCONFIRMED)
                        .description("Receipts that Kafka has and the outbox still holds")
                        .register(registry);
    }

    /** Completes when Kafka has the receipt, exceptionally when it did not take it. */
    public CompletionStage<Void> publish(Receipt receipt) {
        return kafka.send(
                        Topics.RECEIPTS,
                        receipt.id().getBytes(UTF_8),
                        ReceiptCodec.encode(receipt),
                        List.of())
                .handle(
                        (metadata, failure) -> {
                            if (failure != null) {
                                failed.increment();
                                throw new CompletionException(failure);
                            }
                            counter(receipt.status()).increment();
                            return null;
                        });
    }

    /**
     * Produces the receipts, then confirms those that Kafka has. An ack of a message that the first
     * ack decides is settled before: the receipts of its siblings are produced with it. A receipt
     * that fails on either way stays in the outbox, where the delayer's sweep finds it: the stage
     * completes normally once each one is either gone from the outbox or left there.
     */
    public CompletionStage<Void> publishOutbox(List<OutboxReceipt> receipts) {
        if (receipts.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        Queue<OutboxReceipt> acked = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<Void>> sends = new ArrayList<>(receipts.size());
        for (OutboxReceipt entry : receipts) {
            sends.add(
                    publish(entry)
                            .<Void>handle(
                                    (ignored, failure) -> {
                                        if (failure == null) {
                                            acked.add(entry);
                                        } else {
                                            log.debug("receipt left in the outbox", failure);
                                        }
                                        return null;
                                    })
                            .toCompletableFuture());
        }
        return CompletableFuture.allOf(sends.toArray(CompletableFuture[]::new))
                .thenCompose(ignored -> confirm(List.copyOf(acked)));
    }

    private CompletionStage<Void> publish(OutboxReceipt entry) {
        OutboxReceipt.Contender contender = entry.contender();
        if (contender == null) {
            return publish(entry.receipt());
        }
        return firstAcks
                .settle(entry.receipt(), contender, siblings -> publishOutbox(receiptsOf(siblings)))
                .thenCompose(
                        settled ->
                                settled.isPresent()
                                        ? publish(settled.get())
                                        : CompletableFuture.completedFuture(null));
    }

    static List<OutboxReceipt> receiptsOf(List<RecallResult> results) {
        return results.stream()
                .<OutboxReceipt>mapMulti(
                        (result, out) -> {
                            if (result instanceof RecallResult.Withdrawn withdrawn) {
                                withdrawn.receipts().forEach(out);
                            }
                        })
                .toList();
    }

    private CompletionStage<Void> confirm(List<OutboxReceipt> acked) {
        if (acked.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return mailbox.confirm(acked)
                .handle(
                        (ignored, failure) -> {
                            if (failure != null) {
                                unconfirmed.increment(acked.size());
                                log.debug("receipts not confirmed", failure);
                            }
                            return null;
                        });
    }

    private Counter counter(Receipt.Status status) {
        Counter counter = published.get(status);
        if (counter == null) {
            throw new IllegalStateException("no counter for " + status);
        }
        return counter;
    }
}
