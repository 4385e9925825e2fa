package io.pushgate.loadtest.peer;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.pushgate.client.EventLoops;
import io.pushgate.loadtest.Latency;
import io.pushgate.loadtest.LoadTestException;
import io.pushgate.loadtest.Progress;
import io.pushgate.loadtest.machine.Pacer;
import io.pushgate.loadtest.machine.ProcessUsage;
import io.pushgate.loadtest.machine.Processes;
import io.pushgate.loadtest.machine.StallWatch;
import io.pushgate.loadtest.run.Cost;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Carries out one run against another server, on one event loop of this process. */
public final class PeerRun {
    private static final long LEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long STRAGGLERS_SECONDS = 20;

    private final PeerConfig config;
    private final Duration drain;
    private final PeerSwarm swarm;
    private final Processes processes;
    private final Map<String, ProcessUsage> baseline;
    private Map<String, ProcessUsage> atStart = Map.of();
    private Map<String, ProcessUsage> atEnd = Map.of();
    private double connectSeconds;
    private double loadSeconds;

    private PeerRun(PeerConfig config, Duration drain, PeerSwarm swarm, Processes processes) {
        this.config = config;
        this.drain = drain;
        this.swarm = swarm;
        this.processes = processes;
        this.baseline = processes.usage();
    }

    /**
     * Runs on the calling thread; an interrupt ends it early, with a result of what it has.
     *
     * @param drain how long to wait for the last messages
     * @param watched processes to sample; our own is added
     * @param progress takes a line each second
     * @throws LoadTestException if the address is no use
     */
    public static PeerResult run(
            PeerConfig config,
            Duration drain,
            List<Processes.Watched> watched,
            PrintStream progress)
            throws LoadTestException {
        EventLoopGroup group = EventLoops.create(1, "load-peer");
        List<Processes.Watched> all = new ArrayList<>(watched);
        all.add(new Processes.Watched(Cost.GENERATOR, ProcessHandle.current().pid()));
        try (StallWatch stalls = StallWatch.start()) {
            PeerSwarm swarm = new PeerSwarm(config, group.next(), Epoll.isAvailable());
            return new PeerRun(config, drain, swarm, new Processes(all)).run(progress, stalls);
        } catch (IllegalArgumentException e) {
            throw new LoadTestException(String.valueOf(e.getMessage()), e);
        } finally {
            var _ = group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private PeerResult run(PrintStream progressOut, StallWatch stalls) {
        boolean interrupted = false;
        try (Progress progress = new Progress(progressOut)) {
            progress.show(this::line);
            if (connect()) {
                load();
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        long sent = swarm.sent();
        long received = swarm.received();
        int connected = swarm.connected();
        PeerResult result =
                new PeerResult(
                        connected,
                        connectSeconds,
                        sent,
                        sent * config.receivers(),
                        received,
                        swarm.doubled(),
                        swarm.foreign(),
                        swarm.lost(),
                        Latency.of(swarm.latencies()),
                        loadSeconds == 0 ? 0 : received / loadSeconds,
                        Cost.between(baseline, atStart, atEnd, loadSeconds, received),
                        stalls.intervals().size(),
                        swarm.trouble(),
                        interrupted);
        swarm.close();
        return result;
    }

    private boolean connect() throws InterruptedException {
        long from = System.nanoTime();
        swarm.connect();
        long seconds = config.connections() / config.ramp() + STRAGGLERS_SECONDS;
        boolean _ =
                Pacer.awaitCondition(
                        () ->
                                swarm.connected() >= config.connections()
                                        || !swarm.trouble().isEmpty(),
                        from + TimeUnit.SECONDS.toNanos(seconds));
        connectSeconds = (System.nanoTime() - from) / 1e9;
        return swarm.connected() >= config.connections();
    }

    private void load() throws InterruptedException {
        long start = System.nanoTime() + LEAD_NANOS;
        swarm.send(start);
        Pacer.awaitTime(start);
        atStart = processes.usage();
        try {
            Pacer.awaitTime(start + TimeUnit.SECONDS.toNanos(config.seconds()));
            long deadline = System.nanoTime() + drain.toNanos();
            boolean _ = Pacer.awaitCondition(this::isDrained, deadline);
        } finally {
            atEnd = processes.usage();
            loadSeconds = (System.nanoTime() - start) / 1e9;
        }
    }

    private boolean isDrained() {
        return swarm.sent() >= config.messages()
                && swarm.received() >= swarm.sent() * config.receivers();
    }

    private String line() {
        return String.format(
                Locale.ROOT,
                "connected %,d of %,d, sent %,d, received %,d%s",
                swarm.connected(),
                config.connections(),
                swarm.sent(),
                swarm.received(),
                swarm.trouble().isEmpty() ? "" : "; last trouble: " + swarm.trouble());
    }
}
