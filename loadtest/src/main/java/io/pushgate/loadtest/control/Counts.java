package io.pushgate.loadtest.control;

/**
 * What an agent has counted since its {@link ControlMessage.Assign}. Of the messages: {@code
 * delivered} is each one once; nothing of the rest may be above 0 but {@code repeats}.
 *
 * @param connecting handshakes under way
 * @param connected sessions that stand now
 * @param everConnected devices that had a session at least once
 * @param terminated devices that were told not to come back, or were refused for good
 * @param refused handshakes answered with anything but an upgrade
 * @param lost sessions that ended without a goaway before
 * @param moved sessions given up because a goaway asked for it
 * @param delivered messages handed on, each counted once for each device
 * @param repeats messages that the wire repeated and a client drops, see docs/protocol.md
 * @param doubled the same message again under a new position
 * @param outOfOrder came after a newer message of the same device
 * @param unexpected for another device, or unreadable
 * @param acks ack frames sent
 * @param pings ping frames sent
 */
public record Counts(
        long connecting,
        long connected,
        long everConnected,
        long terminated,
        long refused,
        long lost,
        long moved,
        long delivered,
        long repeats,
        long doubled,
        long outOfOrder,
        long unexpected,
        long acks,
        long pings) {
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public Counts plus(Counts other) {
        return new Counts(
                connecting + other.connecting,
                connected + other.connected,
                everConnected + other.everConnected,
                terminated + other.terminated,
                refused + other.refused,
                lost + other.lost,
                moved + other.moved,
                delivered + other.delivered,
                repeats + other.repeats,
                doubled + other.doubled,
                outOfOrder + other.outOfOrder,
                unexpected + other.unexpected,
                acks + other.acks,
                pings + other.pings);
    }
}
