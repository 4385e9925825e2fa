package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Message;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * A message for one device.
 *
 * @param origin where the request came from, such as {@code partition:offset}: tells a repeated try
 *     of one request from a second request with the same id; at most 128 characters, no white space
 * @param platforms the platforms it is meant for, empty for all; a device that never connected
 *     counts as any
 * @param collapse a newer message with the same key takes the place of an older one that still
 *     waits
 * @param firstAck whether the first device that acks it keeps it, and the others lose their copies
 * @param recalled whether it was taken back before it came here: the device must not get it
 */
public record Offer(
        DeviceKey device,
        Message message,
        String origin,
        Set<String> platforms,
        @Nullable String collapse,
        boolean firstAck,
        boolean recalled) {

    /** A message that every device keeps, and nobody took back. */
    public Offer(
            DeviceKey device,
            Message message,
            String origin,
            Set<String> platforms,
            @Nullable String collapse) {
        this(device, message, origin, platforms, collapse, false, false);
    }
}
