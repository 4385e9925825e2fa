package io.pushgate.mailbox;

import io.pushgate.protocol.Route;

import org.jspecify.annotations.Nullable;

/**
 * What the mailbox knows of a device. Whether the node of its route still lives is for {@link
 * NodeLeases} to say.
 *
 * @param online whether a session is registered
 * @param route null if offline
 * @param since when the session was registered, epoch milliseconds, 0 if offline
 * @param lastSeen when a session began or ended last, epoch milliseconds, 0 if never
 * @param platform the one it last connected with, null if it never did
 * @param version of the connected client, null if offline
 * @param user whom it belongs to, null for nobody
 * @param backlog messages in the inbox
 */
public record DeviceStatus(
        boolean online,
        @Nullable Route route,
        long since,
        long lastSeen,
        @Nullable String platform,
        @Nullable String version,
        @Nullable String user,
        long backlog) {}
