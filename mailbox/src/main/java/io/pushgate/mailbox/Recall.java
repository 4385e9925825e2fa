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
    /** Broadcast logs, which hold one copy for all devices. */
    @FunctionalInterface
    public interface Logs {
        /** Knows no logs. */
        Logs NONE = (app, target, id, search) -> CompletableFuture.completedFuture(false);

        /**
         * Takes a message out of the log of the target, if it has one.
         *
         * @param search whether the log may have forgotten the id
         * @return whether it was there
         */
        CompletionStage<Boolean> recall(String app, Target target, String id, boolean search);
    }

    private final Messages messages;
    private final Withdrawals withdrawals;
    private final ReceiptPublisher receipts;
    private final Logs logs;

    /** With the logs of the mailbox. */
    public Recall(Mailbox mailbox, NodeBus bus, ReceiptPublisher receipts) {
        this(mailbox, bus, receipts, new LogRecalls(mailbox.logs(), bus, receipts));
    }

    public Recall(Mailbox mailbox, NodeBus bus, ReceiptPublisher receipts, Logs logs) {
        this.messages = mailbox.messages();
        this.withdrawals = new Withdrawals(mailbox, bus);
        this.receipts = receipts;
        this.logs = logs;
    }

    /**
     * Recalls the message with this id. What a log had is in no inbox, so there its devices are not
     * asked.
     *
     * @return what it came to at each device, once Redis has it; the receipts are on their way then
     */
    public CompletionStage<RecallReport> recall(String app, String id) {
        return messages.recall(app, id).thenCompose(mark -> recall(app, id, mark));
    }

    private CompletionStage<RecallReport> recall(String app, String id, Messages.Mark mark) {
        RecallReport.Builder report = new RecallReport.Builder();
        Withdrawals.Order order =
                new Withdrawals.Order(app, id, RecallScript.Why.RECALL, mark.old(), null);
        CompletionStage<Boolean> fromLog = CompletableFuture.completedFuture(false);
        for (Target target : mark.targets()) {
            fromLog =
                    fromLog.thenCompose(
                            before ->
                                    recall(order, target, report)
                                            .thenApply(there -> before || there));
        }
        boolean known = mark.scheduled() || !mark.targets().isEmpty();
        return fromLog.thenApply(there -> report.build(known, mark.scheduled(), there));
    }

    private CompletionStage<Boolean> recall(
            Withdrawals.Order order, Target target, RecallReport.Builder report) {
        return logs.recall(order.app(), target, order.id(), order.search())
                .thenCompose(
                        inLog ->
                                inLog
                                        ? CompletableFuture.completedFuture(true)
                                        : withdrawals
                                                .run(order, target, page -> published(report, page))
                                                .thenApply(_ -> false));
    }

    private CompletionStage<Void> published(RecallReport.Builder report, List<RecallResult> page) {
        report.add(page);
        return receipts.publishOutbox(ReceiptPublisher.receiptsOf(page));
    }
}
