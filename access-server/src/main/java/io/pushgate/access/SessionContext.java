package io.pushgate.access;

/** What the sessions of one node share. */
record SessionContext(
        String nodeId,
        AccessConfig config,
        Inbox inbox,
        SessionRegistry registry,
        Takeover takeover,
        Leaving leaving,
        ReceiptSink receipts,
        AccessMetrics metrics,
        NodeClock clock) {}
