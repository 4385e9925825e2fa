package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;

import java.util.List;

/**
 * What an {@link Ack} did.
 *
 * @param trimmed messages that left the inbox, 0 for a repeated ack
 * @param current whether the session that acked is still the device's live one
 * @param receipts {@code delivered}, for messages that asked for it
 */
public record AckResult(
        DeviceKey device, int trimmed, boolean current, List<OutboxReceipt> receipts) {}
