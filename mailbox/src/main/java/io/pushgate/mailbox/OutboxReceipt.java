package io.pushgate.mailbox;

import io.pushgate.protocol.Receipt;

/**
 * A receipt that waits in a shard's outbox until it is confirmed: produce it to Kafka, then call
 * {@link Mailbox#confirm}.
 *
 * @param outboxId its id in the shard's outbox stream
 */
public record OutboxReceipt(int shard, String outboxId, Receipt receipt) {}
