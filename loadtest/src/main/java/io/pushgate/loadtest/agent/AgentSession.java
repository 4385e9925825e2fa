package io.pushgate.loadtest.agent;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.pushgate.loadtest.control.ControlLink;
import io.pushgate.loadtest.control.ControlMessage;
import io.pushgate.loadtest.control.ControlMessage.Stall;
import io.pushgate.loadtest.control.Packed;
import io.pushgate.loadtest.machine.StallWatch;
import io.pushgate.loadtest.machine.Stalls;
import io.pushgate.loadtest.machine.WallClock;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** What one coordinator has the agent do. Belongs to the event loop. */
final class AgentSession {
    private static final long REPORT_MILLIS = 1_000;

    private final EventLoop loop;
    private final boolean epoll;
    private final ControlLink link;
    private @Nullable Swarm swarm;
    private @Nullable StallWatch watch;
    private @Nullable Future<?> reports;
    private int stallsTold;

    AgentSession(EventLoop loop, boolean epoll, ControlLink link) {
        this.loop = loop;
        this.epoll = epoll;
        this.link = link;
    }

    ControlLink link() {
        return link;
    }

    void take(ControlMessage message) {
        try {
            switch (message) {
                case ControlMessage.Ask ask ->
                        link.send(new ControlMessage.Clock(ask.at(), WallClock.micros()));
                case ControlMessage.Assign assign -> assign(assign);
                case ControlMessage.Tokens tokens -> assigned().tokens(tokens.tokens());
                case ControlMessage.Connect _ -> assigned().connect();
                case ControlMessage.Finish _ -> finish(assigned());
                case ControlMessage.Hello _,
                        ControlMessage.Ready _,
                        ControlMessage.Refused _,
                        ControlMessage.Clock _,
                        ControlMessage.Report _,
                        ControlMessage.Result _ ->
                        throw new IllegalArgumentException(
                                "not for an agent, or not now: " + name(message));
            }
        } catch (IllegalArgumentException e) {
            link.refuse(String.valueOf(e.getMessage()));
        }
    }

    void close() {
        if (reports != null) {
            reports.cancel(false);
        }
        if (watch != null) {
            watch.close();
        }
        if (swarm != null) {
            swarm.close();
        }
    }

    private void assign(ControlMessage.Assign assign) {
        if (swarm != null) {
            throw new IllegalArgumentException("the agent has its devices already");
        }
        swarm = new Swarm(loop, epoll, assign);
        watch = assign.watch() ? StallWatch.start() : null;
        reports =
                loop.scheduleAtFixedRate(
                        () -> link.send(report(assigned())),
                        REPORT_MILLIS,
                        REPORT_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    private void finish(Swarm finished) {
        if (reports != null) {
            reports.cancel(false);
        }
        finished.freeze();
        link.send(
                new ControlMessage.Result(
                        report(finished), Packed.bits(finished.ledger.received())));
    }

    private ControlMessage.Report report(Swarm of) {
        return new ControlMessage.Report(of.counts(), of.drainSlots(), newStalls(), of.trouble());
    }

    private List<Stall> newStalls() {
        if (watch == null) {
            return List.of();
        }
        List<Stalls.Interval> all = watch.intervals();
        List<Stall> fresh =
                all.subList(stallsTold, all.size()).stream()
                        .map(
                                stall ->
                                        new Stall(
                                                WallClock.microsAt(stall.from()),
                                                WallClock.microsAt(stall.to())))
                        .toList();
        stallsTold = all.size();
        return fresh;
    }

    private Swarm assigned() {
        if (swarm == null) {
            throw new IllegalArgumentException("the agent has no devices yet");
        }
        return swarm;
    }

    private static String name(ControlMessage message) {
        return message.getClass().getSimpleName();
    }
}
