package io.pushgate.mailbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Receipt;
import io.pushgate.runtime.telemetry.Meters;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Settles acks of messages that the first ack decides. Of all devices that ack such a message one
 * is the first, by one key in Redis that is set once: its receipt is {@code delivered}, and the
 * copies of the others are taken back. Who acks later, or at the same moment and loses, gets {@code
 * recalled}, too, and is told so on its socket.
 *
 * <p>An ack that nobody settled, as its node died, lies in the outbox and is settled by the sweep;
 * settling twice comes to the same.
 */
final class FirstAcks {
    /** The reason in the receipt of a device that was not the first. */
    static final String LOST = "acked by a sibling";

    /**
     * Devices know the ids of a day at least. Beyond that, less an hour in which the offers to a
     * large group may lie, inboxes are looked through.
     */
    private static final Duration KNOWN_FOR = Duration.ofHours(23);

    private final Mailbox mailbox;
    private final Withdrawals withdrawals;
    private final Counter won;
    private final Counter lost;

    FirstAcks(Mailbox mailbox, Withdrawals withdrawals, MeterRegistry registry) {
        this.mailbox = mailbox;
        this.withdrawals = withdrawals;
        this.won = Meters.counter(registry, MailboxMeters.FIRST_ACKS, "result", "won");
        this.lost = Meters.counter(registry, MailboxMeters.FIRST_ACKS, "result", "lost");
    }

    /**
     * @param siblings gets the results at the other devices, page by page
     * @return the receipt to publish, empty where a success is not asked for
     */
    CompletionStage<Optional<Receipt>> settle(
            Receipt receipt,
            OutboxReceipt.Contender contender,
            Function<List<RecallResult>, CompletionStage<Void>> siblings) {
        String name = receipt.device();
        if (name == null) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("an ack without a device"));
        }
        DeviceKey device = new DeviceKey(receipt.app(), name);
        return mailbox.messages()
                .isFirst(device, receipt.id())
                .thenCompose(
                        first ->
                                first
                                        ? withdraw(receipt, name, contender, siblings)
                                                .thenApply(
                                                        _ ->
                                                                contender.tellSuccess()
                                                                        ? Optional.of(receipt)
                                                                        : Optional.empty())
                                        : lost(receipt, device, contender));
    }

    private CompletionStage<Void> withdraw(
            Receipt receipt,
            String winner,
            OutboxReceipt.Contender contender,
            Function<List<RecallResult>, CompletionStage<Void>> siblings) {
        won.increment();
        boolean old = receipt.at() - contender.position().millis() > KNOWN_FOR.toMillis();
        Withdrawals.Order order =
                new Withdrawals.Order(
                        receipt.app(), receipt.id(), RecallScript.Why.SIBLING, old, winner);
        return mailbox.messages()
                .targets(receipt.app(), receipt.id())
                .thenCompose(targets -> withdrawals.run(order, targets, siblings));
    }

    private CompletionStage<Optional<Receipt>> lost(
            Receipt receipt, DeviceKey device, OutboxReceipt.Contender contender) {
        lost.increment();
        withdrawals.tell(device, contender.position(), receipt.id());
        return CompletableFuture.completedFuture(
                Optional.of(
                        new Receipt(
                                receipt.id(),
                                receipt.app(),
                                receipt.device(),
                                Receipt.Status.RECALLED,
                                receipt.at(),
                                0,
                                LOST)));
    }
}
