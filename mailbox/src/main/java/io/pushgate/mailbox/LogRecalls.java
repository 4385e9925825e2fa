package io.pushgate.mailbox;

import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.NodeMessage;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Target;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes messages out of broadcast logs: in Redis, and by word to each access node, which drops it
 * from its memory and tells the devices that have it on their way. A node that the word does not
 * reach sees in the log's end that it missed one, and reads again what devices still need. There is
 * one receipt for all devices, {@code recalled}, made again if the recall is. Any thread, nothing
 * blocks.
 */
final class LogRecalls implements Recall.Logs {
    private static final Logger log = LoggerFactory.getLogger(LogRecalls.class);

    private final BroadcastLogs logs;
    private final NodeBus bus;
    private final ReceiptPublisher receipts;

    LogRecalls(BroadcastLogs logs, NodeBus bus, ReceiptPublisher receipts) {
        this.logs = logs;
        this.bus = bus;
        this.receipts = receipts;
    }

    @Override
    public CompletionStage<Boolean> recall(String app, Target target, String id, boolean search) {
        return switch (target) {
            case Target.All _ -> recall(LogKey.all(app), id, search);
            case Target.Group to -> recall(LogKey.group(app, to.group()), id, search);
            case Target.Device _, Target.Devices _, Target.User _ ->
                    CompletableFuture.completedFuture(false);
        };
    }

    private CompletionStage<Boolean> recall(LogKey key, String id, boolean search) {
        return logs.recall(key, id, search)
                .thenCompose(
                        result ->
                                switch (result) {
                                    case LogRecallScript.Result.Absent _ ->
                                            CompletableFuture.completedFuture(false);
                                    case LogRecallScript.Result.Withdrawn withdrawn -> {
                                        tell(key, id, withdrawn);
                                        yield receipt(key.app(), id, withdrawn)
                                                .thenApply(_ -> true);
                                    }
                                });
    }

    private CompletionStage<Void> receipt(
            String app, String id, LogRecallScript.Result.Withdrawn withdrawn) {
        return receipts.publish(
                new Receipt(id, app, null, Receipt.Status.RECALLED, withdrawn.at(), 0, null));
    }

    private void tell(LogKey key, String id, LogRecallScript.Result.Withdrawn withdrawn) {
        NodeMessage word =
                new NodeMessage.Recalled(key, withdrawn.position(), id, withdrawn.recalls());
        logs.nodes()
                .live()
                .thenCompose(
                        nodes ->
                                CompletableFuture.allOf(
                                        nodes.stream()
                                                .map(node -> bus.publish(node.id(), word))
                                                .map(CompletionStage::toCompletableFuture)
                                                .toArray(CompletableFuture[]::new)))
                .whenComplete(
                        (_, failure) -> {
                            if (failure != null) {
                                log.debug("a recall in {} not told to every node", key, failure);
                            }
                        });
    }
}
