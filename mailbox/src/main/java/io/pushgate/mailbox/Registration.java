package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;

import org.jspecify.annotations.Nullable;

/**
 * A device that has connected.
 *
 * @param node the access node that holds it; no {@code |}
 * @param platform no {@code |}
 * @param version of the client, for people; cut at 64 characters
 * @param user whom the device belongs to now, null for nobody
 * @param lastMessageId the last message that the client has processed, null if it does not say
 */
public record Registration(
        DeviceKey device,
        String node,
        String platform,
        String version,
        @Nullable String user,
        @Nullable String lastMessageId) {}
