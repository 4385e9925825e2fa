package io.pushgate.mailbox;

import io.pushgate.protocol.Broadcast;
import io.pushgate.protocol.Position;

import java.util.List;

/**
 * A stretch of a broadcast log, in order; expired and recalled messages are in it.
 *
 * @param entries each with the position of the one before it
 * @param end the position of the last entry read, readable or not; where the page began if there is
 *     none
 * @param more whether entries follow
 * @param tail the position last given in this log, {@link Position#NONE} if there never was one
 * @param recalls how many of its messages were recalled so far; these have no payload here
 */
public record LogPage(
        List<Broadcast> entries, Position end, boolean more, Position tail, long recalls) {
    /** Whether something that followed the position is no longer in the log. */
    public boolean isGapAfter(Position position) {
        return entries.isEmpty()
                ? tail.isAfter(position) && !more
                : entries.getFirst().previous().isAfter(position);
    }
}
