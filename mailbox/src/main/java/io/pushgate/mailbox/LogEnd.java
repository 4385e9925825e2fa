package io.pushgate.mailbox;

import io.pushgate.protocol.Position;

/**
 * How far a broadcast log reaches.
 *
 * @param position the position last given
 * @param recalls how many of its messages were recalled so far
 */
public record LogEnd(Position position, long recalls) {}
