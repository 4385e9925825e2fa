package io.pushgate.protocol;

import java.util.Set;

/**
 * A message of a broadcast log on its way to every access node; a value of {@code push.deliveries}
 * with the log as its key.
 *
 * @param position its place in the log
 * @param previous the place of the message before it, {@link Position#NONE} where unknown
 * @param platforms the platforms it is meant for, empty for all
 */
public record Broadcast(
        LogKey log, Position position, Position previous, Set<String> platforms, Message message) {
    private static final byte[] NOTHING = {};

    public Broadcast {
        platforms = Set.copyOf(platforms);
    }

    /** The place of a message that was taken back: without a payload, and expired at any time. */
    public static Broadcast recalled(LogKey log, Position position, Position previous, String id) {
        return new Broadcast(
                log, position, previous, Set.of(), new Message(id, 0, 0, false, false, NOTHING));
    }

    /** The same with the message in another form. */
    public Broadcast with(Message form) {
        return new Broadcast(log, position, previous, platforms, form);
    }

    /** Whether a device of the platform is meant. */
    public boolean isFor(String platform) {
        return platforms.isEmpty() || platforms.contains(platform);
    }
}
