package io.pushgate.access;

import io.pushgate.mailbox.OutboxReceipt;

import java.util.List;

/** Takes receipts off an event loop; never blocks. */
@FunctionalInterface
interface ReceiptSink {
    void accept(List<OutboxReceipt> receipts);
}
