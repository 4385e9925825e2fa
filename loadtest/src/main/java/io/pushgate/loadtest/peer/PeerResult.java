package io.pushgate.loadtest.peer;

import io.pushgate.loadtest.Latency;
import io.pushgate.loadtest.run.Cost;

import java.util.List;

/**
 * What another server did. The account balances: {@code expected = received + missing}.
 *
 * @param connected at the end
 * @param expected deliveries of what was sent
 * @param doubled came more often than to each of its receivers
 * @param foreign not of this run
 * @param lost connections that ended by themselves
 * @param latency since messages were due, microseconds
 * @param deliveriesPerSecond from when the first message was due until the last came
 * @param costs of the processes that were watched
 * @param stalls how often the machine stood still
 */
public record PeerResult(
        int connected,
        double connectSeconds,
        long sent,
        long expected,
        long received,
        long doubled,
        long foreign,
        long lost,
        Latency latency,
        double deliveriesPerSecond,
        List<Cost> costs,
        int stalls,
        String trouble,
        boolean interrupted) {
    public PeerResult {
        costs = List.copyOf(costs);
    }

    public long missing() {
        return expected - received;
    }

    /** Whether a connection or a message is missing, or one came that should not. */
    public boolean failed(PeerConfig config) {
        return connected < config.connections() || doubled > 0 || (!interrupted && missing() > 0);
    }
}
