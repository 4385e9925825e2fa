package io.pushgate.loadtest;

import java.time.Duration;

/**
 * What a load test found. The account balances: {@code published = delivered + lost + inFlight},
 * where a run that was not interrupted has nothing in flight: what has not come by the end of the
 * drain is lost.
 *
 * @param connections asked for
 * @param connected made
 * @param connectTime from the first attempt until the last connection stood
 * @param publishTime from the first to the last scheduled message
 * @param messages scheduled
 * @param published confirmed by Kafka, or received although Kafka's word was lost
 * @param publishErrors scheduled, and not published
 * @param delivered handed to a device's callback, each message counted once
 * @param acked messages with a {@code delivered} receipt
 * @param lost published and not delivered
 * @param inFlight published and not delivered when the run was interrupted
 * @param doubled handed to a callback again
 * @param outOfOrder handed on after a newer message of the same device
 * @param unexpected handed to a device it was not for, or unreadable
 * @param otherReceipts receipts that tell of anything else than a delivery
 * @param disconnects connections lost between the ramp and the end
 * @param all every delivered message
 * @param quiet without those in flight while the machine stood still
 * @param stalls how often it stood still
 * @param stalled how long, in sum
 * @param interrupted whether the run was cut short
 */
public record LoadTestResult(
        int connections,
        int connected,
        Duration connectTime,
        Duration publishTime,
        long messages,
        long published,
        long publishErrors,
        long delivered,
        long acked,
        long lost,
        long inFlight,
        long doubled,
        long outOfOrder,
        long unexpected,
        long otherReceipts,
        long disconnects,
        Latency all,
        Latency quiet,
        int stalls,
        Duration stalled,
        boolean interrupted) {

    /**
     * Whether a message was lost, doubled, out of order, misdirected or not published, or a
     * connection could not be made.
     */
    public boolean failed() {
        return lost > 0
                || doubled > 0
                || outOfOrder > 0
                || unexpected > 0
                || publishErrors > 0
                || connected < connections;
    }

    /** Messages that {@link #quiet} leaves out. */
    public long leftOut() {
        return all.count() - quiet.count();
    }

    /** Connections a second, over the whole ramp; 0 where none was made. */
    public double connectRate() {
        return connected == 0 ? 0 : connected / Math.max(connectTime.toNanos() / 1e9, 1e-3);
    }
}
