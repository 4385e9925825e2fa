package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Message;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * A message for one device.
 *
 * @param origin where the request came from, such as {@code partition:offset}: tells a repeated try
 *     of one request from a second request with the same id; no longer than 128 characters
 * @param platforms the platforms it is meant for, empty for all; a device that never connected
 *     counts as any
 * @param collapse a newer message with the same key takes the place of an older one that still
 *     waits
 */
public record Offer(
        DeviceKey device,
        Message message,
        String origin,
        Set<String> platforms,
        @Nullable String collapse) {}
