package io.pushgate.mailbox;

import io.pushgate.protocol.Position;

import java.util.List;

/**
 * What a device was offered today and yesterday.
 *
 * @param messages the newest first
 * @param partly whether a day with more than 1,000 messages was left out
 */
public record RecentMessages(List<Offered> messages, boolean partly) {
    /** A message and its place, whose milliseconds are when it was offered. */
    public record Offered(String id, Position position) {}
}
