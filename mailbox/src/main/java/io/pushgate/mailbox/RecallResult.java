package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What taking a message back came to at one device. */
public sealed interface RecallResult {
    DeviceKey device();

    /**
     * It was in the inbox and is not any more; its final receipt is {@code recalled}.
     *
     * @param position where it lay
     * @param route where the device is connected, null if it is not: then the device can't have it.
     *     Else it may be on its way or in the device's hands already, see {@link Withdrawals}
     * @param receipts its receipt
     */
    record Withdrawn(
            DeviceKey device,
            Position position,
            @Nullable Route route,
            List<OutboxReceipt> receipts)
            implements RecallResult {}

    /**
     * It was not offered to the device yet. If it is, within a day, the device does not get it, and
     * the receipt {@code recalled} is made then.
     */
    record NotOffered(DeviceKey device) implements RecallResult {}

    /** The device acked it before. */
    record Acked(DeviceKey device) implements RecallResult {}

    /**
     * It ended before.
     *
     * @param how the final status it had, or {@code forgotten} where it is too long ago to tell
     */
    record Ended(DeviceKey device, String how) implements RecallResult {}
}
