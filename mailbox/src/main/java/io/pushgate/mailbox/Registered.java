package io.pushgate.mailbox;

import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A session that is now the device's only one.
 *
 * @param route its number is larger than that of every earlier session of the device
 * @param tail the position last given, {@link Position#NONE} if there is none: what comes later is
 *     announced with this route
 * @param replaced the session it took the place of, null if there was none
 * @param backlog messages in the inbox, expired ones not yet swept included
 * @param apiGroups groups that the API put the device into
 * @param receipts {@code delivered} for what the client's last message id showed as processed
 */
public record Registered(
        Route route,
        Position tail,
        @Nullable Route replaced,
        long backlog,
        List<String> apiGroups,
        List<OutboxReceipt> receipts) {}
