package io.pushgate.loadtest.run;

import io.pushgate.loadtest.LoadTestException;
import io.pushgate.loadtest.control.ControlLink;
import io.pushgate.loadtest.control.ControlMessage;
import io.pushgate.loadtest.control.ControlMessage.Stall;
import io.pushgate.loadtest.control.Counts;
import io.pushgate.loadtest.machine.WallClock;
import io.pushgate.protocol.InvalidInputException;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The coordinator's end of one agent. Reports are taken in on the event loop; {@link #hello},
 * {@link #measureClock} and {@link #result} wait, on the coordinator's thread.
 */
final class AgentHandle implements ControlLink.Peer {
    private static final int CLOCK_ROUNDS = 8;
    private static final long ANSWER_SECONDS = 10;
    private static final long RESULT_SECONDS = 60;
    private static final long POLL_MILLIS = 5;

    private final String name;
    private final SlotStore slots;
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final List<Stall> stalls = new CopyOnWriteArrayList<>();
    private volatile Counts counts = Counts.NONE;
    private volatile String trouble = "";
    private volatile String gone = "";
    private volatile @Nullable ControlLink link;
    private ControlMessage.Ready ready = new ControlMessage.Ready("", 0, 0);
    private long clockMicros;
    private long clockErrorMicros;

    /** With when it came. */
    private record Answer(ControlMessage message, long at) {}

    /**
     * @param name its address, as the person gave it
     */
    AgentHandle(String name, SlotStore slots) {
        this.name = name;
        this.slots = slots;
    }

    String name() {
        return name;
    }

    /** Introduces the coordinator. */
    void hello(ControlLink to) throws LoadTestException, InterruptedException {
        link = to;
        to.send(new ControlMessage.Hello(ControlMessage.VERSION));
        if (answer(ANSWER_SECONDS).message() instanceof ControlMessage.Ready welcome) {
            ready = welcome;
        } else {
            throw new LoadTestException("agent " + name + " does not say that it is ready");
        }
    }

    /**
     * Measures how far its clock is ahead: of several rounds the shortest, whose error is at most
     * half of it (Cristian, "Probabilistic clock synchronization", 1989).
     */
    void measureClock() throws LoadTestException, InterruptedException {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < CLOCK_ROUNDS; i++) {
            send(new ControlMessage.Ask(WallClock.micros()));
            Answer answer = answer(ANSWER_SECONDS);
            if (!(answer.message() instanceof ControlMessage.Clock clock)) {
                throw new LoadTestException("agent " + name + " does not tell its time");
            }
            long round = answer.at() - clock.asked();
            if (round < best) {
                best = round;
                clockMicros = clock.at() - (clock.asked() + answer.at()) / 2;
                clockErrorMicros = (round + 1) / 2;
            }
        }
    }

    void send(ControlMessage message) {
        ControlLink to = link;
        if (to != null) {
            to.send(message);
        }
    }

    /** Its devices' bits; only after this its connections may be closed. */
    ControlMessage.Result result() throws LoadTestException, InterruptedException {
        send(new ControlMessage.Finish());
        while (true) {
            if (answer(RESULT_SECONDS).message() instanceof ControlMessage.Result result) {
                report(result.last());
                return result;
            }
        }
    }

    void end() {
        ControlLink to = link;
        if (to != null) {
            to.end();
        }
    }

    ControlMessage.Ready ready() {
        return ready;
    }

    /** How far its clock is ahead of ours. */
    long clockMicros() {
        return clockMicros;
    }

    /** By how much that may be wrong. */
    long clockErrorMicros() {
        return clockErrorMicros;
    }

    Counts counts() {
        return counts;
    }

    /** By our clock. */
    List<Stall> stalls() {
        return stalls.stream()
                .map(stall -> new Stall(stall.from() - clockMicros, stall.to() - clockMicros))
                .toList();
    }

    /** Why a connection failed last; empty where none did. */
    String trouble() {
        return trouble;
    }

    /** Why the agent is no longer there; empty while it is. */
    String gone() {
        return gone;
    }

    /** From now on it counts as gone. */
    void fail(String why) {
        if (gone.isEmpty()) {
            gone = why;
        }
    }

    @Override
    public void message(ControlLink from, ControlMessage message) {
        switch (message) {
            case ControlMessage.Report report -> report(report);
            case ControlMessage.Refused refused -> {
                gone = refused.reason();
                from.end();
            }
            default -> answers.add(new Answer(message, WallClock.micros()));
        }
    }

    @Override
    public void ended(ControlLink from, String why) {
        fail(why);
    }

    private void report(ControlMessage.Report report) {
        counts = report.counts();
        trouble = report.trouble();
        stalls.addAll(report.stalls());
        try {
            for (ControlMessage.Slot slot : report.slots()) {
                slots.add(slot);
            }
        } catch (InvalidInputException e) {
            gone = String.valueOf(e.getMessage());
            end();
        }
    }

    private Answer answer(long seconds) throws LoadTestException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() - deadline < 0) {
            Answer answer = answers.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
            if (answer != null) {
                return answer;
            }
            if (!gone.isEmpty()) {
                throw new LoadTestException("agent " + name + ": " + gone);
            }
        }
        throw new LoadTestException("agent " + name + ": no answer within " + seconds + " s");
    }
}
