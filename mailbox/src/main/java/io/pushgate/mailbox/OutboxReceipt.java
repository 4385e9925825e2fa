package io.pushgate.mailbox;

import io.pushgate.protocol.Position;
import io.pushgate.protocol.Receipt;

import org.jspecify.annotations.Nullable;

/**
 * A receipt that waits in a shard's outbox until it is confirmed: produce it to Kafka, then call
 * {@link Mailbox#confirm}.
 *
 * @param outboxId its id in the shard's outbox stream
 * @param contender what is known where the receipt is {@code delivered} only if this ack was the
 *     first, else null
 */
public record OutboxReceipt(
        int shard, String outboxId, Receipt receipt, @Nullable Contender contender) {

    /** A receipt that says how it is. */
    public OutboxReceipt(int shard, String outboxId, Receipt receipt) {
        this(shard, outboxId, receipt, null);
    }

    /**
     * An ack of a message that the first ack decides.
     *
     * @param position where the message lay
     * @param tellSuccess whether the business asked for receipts of success
     */
    public record Contender(Position position, boolean tellSuccess) {}
}
