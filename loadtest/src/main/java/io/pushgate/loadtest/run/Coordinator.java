package io.pushgate.loadtest.run;

import io.pushgate.loadtest.Latency;
import io.pushgate.loadtest.LoadTestException;
import io.pushgate.loadtest.Progress;
import io.pushgate.loadtest.RunNames;
import io.pushgate.loadtest.agent.Agent;
import io.pushgate.loadtest.control.Counts;
import io.pushgate.loadtest.control.Plan;
import io.pushgate.loadtest.control.Shape;
import io.pushgate.loadtest.machine.Pacer;
import io.pushgate.loadtest.machine.ProcessUsage;
import io.pushgate.loadtest.machine.Processes;
import io.pushgate.loadtest.machine.StallWatch;

import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Carries out one distributed run: connects, publishes, waits for what is under way, and accounts.
 * One run per object; belongs to the thread that runs it, but for the look each second.
 */
public final class Coordinator {
    /** Between the last connection and the first message: what connecting left to do gets done. */
    private static final long LEAD_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How long the connections may take beyond the time of the ramp. */
    private static final long STRAGGLERS_SECONDS = 60;

    private final RunConfig config;
    private final Plan plan;
    private final SlotStore slots;
    private final AgentPool agents;
    private final Traffic traffic;
    private final Processes processes;
    private final List<Timeline.Second> seconds = new ArrayList<>(); // Guarded by itself.
    private final Map<String, ProcessUsage> baseline;
    private Map<String, ProcessUsage> atStart = Map.of();
    private Map<String, ProcessUsage> atEnd = Map.of();
    private long expectedAtEnd;
    private double connectSeconds;
    private double publishSeconds;
    private volatile boolean publishing;
    private volatile long start = System.nanoTime();

    private Coordinator(
            RunConfig config,
            Plan plan,
            SlotStore slots,
            AgentPool agents,
            Traffic traffic,
            Processes processes) {
        this.config = config;
        this.plan = plan;
        this.slots = slots;
        this.agents = agents;
        this.traffic = traffic;
        this.processes = processes;
        this.baseline = processes.usage();
    }

    /**
     * Runs on the calling thread. An interrupt of that thread ends it early, with a result of what
     * it has; the interrupt is consumed.
     *
     * @param addresses where the agents listen
     * @param watched processes to sample; the generator's own are added
     * @param progress takes a line each second
     * @throws LoadTestException if it could not run at all
     * @throws InterruptedException before the first connection
     */
    public static RunResult run(
            RunConfig config,
            List<InetSocketAddress> addresses,
            List<Processes.Watched> watched,
            PrintStream progress)
            throws LoadTestException, InterruptedException {
        Plan plan = plan(config);
        SlotStore slots = new SlotStore();
        try (AgentPool agents = new AgentPool(addresses, slots);
                StallWatch stalls = StallWatch.start();
                Traffic traffic = new Traffic(config, plan)) {
            Processes processes = new Processes(withGenerator(watched, agents));
            return new Coordinator(config, plan, slots, agents, traffic, processes)
                    .run(stalls, progress);
        }
    }

    private static List<Processes.Watched> withGenerator(
            List<Processes.Watched> watched, AgentPool agents) {
        Set<Processes.Watched> all = new LinkedHashSet<>(watched);
        all.add(new Processes.Watched(Cost.GENERATOR, ProcessHandle.current().pid()));
        for (AgentHandle agent : agents.agents()) {
            if (agent.ready().machine().equals(Agent.machine())) {
                all.add(new Processes.Watched(Cost.GENERATOR, agent.ready().pid()));
            }
        }
        return List.copyOf(all);
    }

    private static Plan plan(RunConfig config) {
        RunConfig.Load load = config.load();
        SplittableRandom random = new SplittableRandom();
        return new Plan(
                RunNames.newRun(random),
                config.target().app(),
                random.nextLong(),
                load.shape(),
                load.connections(),
                load.shape() == Shape.UNICAST ? 1 : load.devicesPerUser(),
                load.messages(),
                load.rate());
    }

    private RunResult run(StallWatch stalls, PrintStream progressOut) throws LoadTestException {
        boolean interrupted = false;
        try (Progress progress = new Progress(progressOut)) {
            progress.show(this::second);
            try {
                if (connect()) {
                    load();
                    drain();
                }
            } catch (InterruptedException e) {
                interrupted = true;
                closeWindow();
            }
        }
        return result(stalls, interrupted);
    }

    /** Whether all stand. */
    private boolean connect() throws LoadTestException, InterruptedException {
        long from = System.nanoTime();
        agents.assign(plan, config);
        long rampSeconds = plan.connections() / config.load().ramp() + STRAGGLERS_SECONDS;
        boolean all =
                Pacer.awaitCondition(
                        () ->
                                agents.counts().connected() >= plan.connections()
                                        || !agents.gone().isEmpty(),
                        System.nanoTime() + TimeUnit.SECONDS.toNanos(rampSeconds));
        connectSeconds = (System.nanoTime() - from) / 1e9;
        return all && agents.gone().isEmpty();
    }

    /** Publishes, or holds the connections for as long. */
    private void load() throws InterruptedException {
        long due = System.nanoTime() + LEAD_NANOS;
        Pacer.awaitTime(due);
        atStart = processes.usage();
        start = due;
        publishing = true;
        if (plan.messages() > 0) {
            traffic.publish(due, () -> agents.gone().isEmpty());
        } else {
            long end = due + TimeUnit.SECONDS.toNanos(config.load().seconds());
            boolean _ = Pacer.awaitCondition(() -> !agents.gone().isEmpty(), end);
        }
        closeWindow();
    }

    private void closeWindow() {
        if (publishing && publishSeconds == 0) {
            atEnd = processes.usage();
            publishSeconds = (System.nanoTime() - start) / 1e9;
            expectedAtEnd = traffic.expected();
        }
    }

    private void drain() throws InterruptedException {
        boolean _ =
                Pacer.awaitCondition(
                        () ->
                                !agents.gone().isEmpty()
                                        || (traffic.isAnswered()
                                                && agents.counts().delivered()
                                                        >= traffic.expected()),
                        System.nanoTime() + config.drain().toNanos());
    }

    private RunResult result(StallWatch watch, boolean interrupted) {
        Findings findings = new Findings(plan, agents, traffic, slots);
        List<RunResult.Stall> stalls = publishing ? findings.stalls(watch, start) : List.of();
        String gone = agents.gone();
        Inquest inquest = findings.inquest();
        List<Timeline.Second> seen;
        synchronized (seconds) {
            seen = List.copyOf(seconds);
        }
        return new RunResult(
                config,
                plan,
                agents.agents().size(),
                agents.counts(),
                inquest,
                connectSeconds,
                publishSeconds,
                traffic.errors(),
                findings.receipts(),
                findings.latencies(stalls),
                stalls,
                Cost.between(baseline, atStart, atEnd, publishSeconds, expectedAtEnd),
                new Timeline(seen),
                findings.trouble(gone),
                !agents.gone().isEmpty(),
                interrupted);
    }

    /** Looks at everything, and says it in a line. */
    private String second() {
        Counts counts = agents.counts();
        Timeline.Second second =
                new Timeline.Second(
                        (System.nanoTime() - start) / 1e9,
                        counts,
                        traffic.confirmed(),
                        traffic.receiptsEnded(),
                        processes.usage());
        synchronized (seconds) {
            seconds.add(second);
        }
        Latency latency = slots.sinceLast();
        String trouble = counts.lost() == 0 ? "" : agents.trouble();
        return publishing
                ? ProgressLine.publishing(second, traffic.expected(), latency, trouble)
                : ProgressLine.connecting(counts, plan.connections(), agents.trouble());
    }
}
