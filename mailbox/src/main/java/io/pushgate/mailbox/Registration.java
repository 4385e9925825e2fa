package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A device that has connected.
 *
 * @param node the access node that holds it; no {@code |}
 * @param platform no {@code |}
 * @param version of the client, for people; cut at 64 characters
 * @param user whom the device belongs to now, null for nobody
 * @param lastMessageId the last message that the client has processed, null if it does not say
 * @param groups that its token gives it, in place of those that an earlier one gave it
 */
public record Registration(
        DeviceKey device,
        String node,
        String platform,
        String version,
        @Nullable String user,
        @Nullable String lastMessageId,
        List<String> groups) {

    /** Without groups. */
    public Registration(
            DeviceKey device,
            String node,
            String platform,
            String version,
            @Nullable String user,
            @Nullable String lastMessageId) {
        this(device, node, platform, version, user, lastMessageId, List.of());
    }
}
