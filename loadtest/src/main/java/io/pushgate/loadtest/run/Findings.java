package io.pushgate.loadtest.run;

import io.pushgate.loadtest.control.Plan;
import io.pushgate.loadtest.machine.StallWatch;
import io.pushgate.loadtest.machine.WallClock;
import io.pushgate.protocol.Receipt;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Puts together what agents, Kafka and the watch of the machine have seen. */
final class Findings {
    private static final Logger log = LoggerFactory.getLogger(Findings.class);

    private final Plan plan;
    private final AgentPool agents;
    private final Traffic traffic;
    private final SlotStore slots;

    Findings(Plan plan, AgentPool agents, Traffic traffic, SlotStore slots) {
        this.plan = plan;
        this.agents = agents;
        this.traffic = traffic;
        this.slots = slots;
    }

    /** Asks the agents for their last word, at most a minute each. */
    Inquest inquest() {
        BitSet received;
        try {
            received = agents.received(plan);
        } catch (InterruptedException e) {
            // A second Ctrl-C: what is not known counts as not received.
            log.debug("interrupted while agents were asked", e);
            received = new BitSet();
        }
        return Inquest.of(plan, traffic.confirmedMessages(), received, traffic.receipts());
    }

    /**
     * Those since the first message was due, oldest first.
     *
     * @param start when that was, by {@link System#nanoTime}
     */
    List<RunResult.Stall> stalls(StallWatch watch, long start) {
        long startMicros = WallClock.microsAt(start);
        Stream<RunResult.Stall> ours =
                watch.intervals().stream()
                        .map(
                                stall ->
                                        new RunResult.Stall(
                                                (stall.from() - start) / 1e9,
                                                (stall.to() - start) / 1e9));
        Stream<RunResult.Stall> theirs =
                agents.stalls().stream()
                        .map(
                                stall ->
                                        new RunResult.Stall(
                                                (stall.from() - startMicros) / 1e6,
                                                (stall.to() - startMicros) / 1e6));
        List<RunResult.Stall> all = new ArrayList<>();
        Stream.concat(ours, theirs).filter(stall -> stall.to() > 0).forEach(all::add);
        all.sort((a, b) -> Double.compare(a.from(), b.from()));
        return all;
    }

    RunResult.Latencies latencies(List<RunResult.Stall> stalls) {
        return slots.summarize(stalls);
    }

    Map<Receipt.Status, Long> receipts() {
        ReceiptLedger receipts = traffic.receipts();
        return receipts == null ? Map.of() : receipts.counts();
    }

    /**
     * What went wrong last; empty for nothing.
     *
     * @param gone why an agent went away
     */
    String trouble(String gone) {
        if (!gone.isEmpty()) {
            return gone;
        }
        return traffic.lastError().isEmpty() ? agents.trouble() : "Kafka: " + traffic.lastError();
    }
}
