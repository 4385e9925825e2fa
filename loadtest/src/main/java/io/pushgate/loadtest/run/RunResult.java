package io.pushgate.loadtest.run;

import io.pushgate.loadtest.Latency;
import io.pushgate.loadtest.control.Counts;
import io.pushgate.loadtest.control.Plan;
import io.pushgate.protocol.Receipt;

import java.util.List;
import java.util.Map;

/**
 * What a distributed run found.
 *
 * @param connectSeconds from the first attempt until the last connection stood
 * @param publishSeconds from when the first message was due until the last was sent
 * @param publishErrors messages that Kafka did not take
 * @param receipts of each status
 * @param stalls how often a machine stood still while messages were published
 * @param trouble what went wrong last with a connection, an agent or Kafka; empty for nothing
 * @param agentGone an agent went away before it had told what its devices got
 * @param interrupted whether the run was cut short
 */
public record RunResult(
        RunConfig config,
        Plan plan,
        int agents,
        Counts counts,
        Inquest inquest,
        double connectSeconds,
        double publishSeconds,
        long publishErrors,
        Map<Receipt.Status, Long> receipts,
        Latencies latencies,
        List<Stall> stalls,
        List<Cost> costs,
        Timeline timeline,
        String trouble,
        boolean agentGone,
        boolean interrupted) {
    public RunResult {
        receipts = Map.copyOf(receipts);
        stalls = List.copyOf(stalls);
        costs = List.copyOf(costs);
    }

    /**
     * Of all delivered messages, and of the quiet ones: those that were not due or in flight in the
     * same quarter of a second as a stall.
     *
     * @param due since the message was due
     * @param stored since the timestamp of its record in Kafka
     * @param seconds since the message was due, by the second of the run in which it was
     */
    public record Latencies(
            Latency due,
            Latency dueQuiet,
            Latency stored,
            Latency storedQuiet,
            Map<Integer, Latency> seconds) {

        /** Messages that the quiet ones leave out. */
        public long leftOut() {
            return due.count() - dueQuiet.count();
        }
    }

    /** A machine stood still, in seconds since the first message was due. */
    public record Stall(double from, double to) {}

    /** Whether a receipt is due and did not come. */
    public boolean lacksReceipts() {
        return !interrupted && inquest.unreceipted() > 0;
    }

    /** What has not come and has no receipt; while it was cut short, that is no loss yet. */
    public long lost() {
        return interrupted ? 0 : inquest.lost();
    }

    public boolean failed() {
        return agentGone
                || lost() > 0
                || lacksReceipts()
                || (!interrupted && inquest.wronglyReceipted() > 0)
                || publishErrors > 0
                || counts.doubled() > 0
                || counts.outOfOrder() > 0
                || counts.unexpected() > 0
                || counts.terminated() > 0
                || counts.everConnected() < plan.connections();
    }
}
