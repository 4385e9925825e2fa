package io.pushgate.mailbox;

import io.pushgate.protocol.Target;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes a message back by its id, wherever it is: in Kafka, scheduled, in inboxes, in a broadcast
 * log, on its way to a connected device. Each device that it was for ends with one final receipt:
 * {@code recalled}, or what it had before. Any thread, nothing blocks; if it fails half-way, it may
 * simply be called again.
 */
public final class Recall {
    /** Broadcast logs, which hold no copy for each device. */
    @FunctionalInterface
    public interface Logs {
        /** Knows no logs. */
        Logs NONE = (app, target, id) -> CompletableFuture.completedFuture(false);

        /**
         * Takes a message out of the log of the target, if it has one.
         *
         * @return whether it was there
         */
        CompletionStage<Boolean> recall(String app, Target target, String id);
    }

    private final Messages messages;
    private final Withdrawals withdrawals;
    private final ReceiptPublisher receipts;
    private final Logs logs;

    /** Where there are neither groups nor broadcast logs. */
    public Recall(Mailbox mailbox, NodeBus bus, ReceiptPublisher receipts) {
        this(mailbox, bus, receipts, GroupMembers.NONE, Logs.NONE);
    }

    public Recall(
            Mailbox mailbox,
            NodeBus bus,
            ReceiptPublisher receipts,
            GroupMembers groups,
            Logs logs) {
        this.messages = mailbox.messages();
        this.withdrawals = new Withdrawals(mailbox, bus, groups);
        this.receipts = receipts;
        this.logs = logs;
    }

    /**
     * Recalls the message with this id.
     *
     * @return what it came to at each device, once Redis has it; the receipts are on their way then
     */
    public CompletionStage<RecallReport> recall(String app, String id) {
        return messages.recall(app, id)
                .thenCompose(
                        mark -> {
                            RecallReport.Builder report = new RecallReport.Builder();
                            Withdrawals.Order order =
                                    new Withdrawals.Order(
                                            app, id, RecallScript.Why.RECALL, mark.old(), null);
                            return withdrawals
                                    .run(order, mark.targets(), page -> published(report, page))
                                    .thenCompose(_ -> fromLogs(app, mark.targets(), id))
                                    .thenApply(
                                            fromLog ->
                                                    report.build(
                                                            mark.scheduled()
                                                                    || !mark.targets().isEmpty(),
                                                            mark.scheduled(),
                                                            fromLog));
                        });
    }

    private CompletionStage<Void> published(RecallReport.Builder report, List<RecallResult> page) {
        report.add(page);
        return receipts.publishOutbox(ReceiptPublisher.receiptsOf(page));
    }

    private CompletionStage<Boolean> fromLogs(String app, List<Target> targets, String id) {
        CompletionStage<Boolean> found = CompletableFuture.completedFuture(false);
        for (Target target : targets) {
            found =
                    found.thenCompose(
                            before ->
                                    logs.recall(app, target, id)
                                            .thenApply(there -> before || there));
        }
        return found;
    }
}
