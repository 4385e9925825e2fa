package io.pushgate.access;

/** What the sessions of one node share. */
record SessionContext(
        String nodeId,
        AccessConfig config,
        Inbox inbox,
        LogSource logs,
        SessionRegistry registry,
        Takeover takeover,
        Leaving leaving,
        ReceiptSink receipts,
        AccessMetrics metrics,
        NodeClock clock) {}
