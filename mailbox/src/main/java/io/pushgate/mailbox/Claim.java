package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Route;

import java.util.List;

/** A device whose oldest unacked message was overdue, handed to one claimer only. */
public sealed interface Claim {
    DeviceKey device();

    /**
     * Deliver again.
     *
     * @param attempt from 1 to the number of backoffs
     */
    record Retry(DeviceKey device, Route route, int attempt) implements Claim {}

    /**
     * The last attempt stayed unacked: the session is no longer registered and is to be cut, the
     * messages stay in the inbox.
     *
     * @param receipts {@code unacked}, of the oldest message
     */
    record Exhausted(DeviceKey device, Route route, List<OutboxReceipt> receipts)
            implements Claim {}

    /** There was no session any more; nothing is to be done. */
    record Orphan(DeviceKey device) implements Claim {}
}
