package io.pushgate.mailbox;

import io.pushgate.protocol.Position;

/**
 * How far a broadcast log reaches.
 *
 * @param position the position last given, {@link Position#NONE} if there never was one
 * @param recalls how many of its messages were recalled so far
 * @param groupsAt of the log of an app: when something was about to go into the log of one of its
 *     groups last, by the clock of Redis (epoch ms); 0 for never
 */
public record LogEnd(Position position, long recalls, long groupsAt) {}
