package io.pushgate.access;

import io.pushgate.protocol.CloseReason;
import io.pushgate.protocol.ServerFrame;
import io.pushgate.runtime.Deadline;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Sends every device elsewhere: each is told a moment of its own to reconnect at, is sent nothing
 * more shortly before it, is closed if it is still here a while later, and cut at the deadline.
 */
final class Drain {
    /**
     * How long before its moment a client is sent nothing more: long enough to ack what it was sent
     * before.
     */
    private static final Duration QUIET = Duration.ofMillis(250);

    /** How long after its moment a client is closed. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** What is kept back of the deadline for what remains in the end. */
    private static final Duration RESERVE = Duration.ofSeconds(1);

    private static final long LOOK_EVERY_MILLIS = 20;

    private final SessionRegistry registry;
    private final Leaving leaving;
    private final Duration spread;

    /**
     * What came of it.
     *
     * @param asked devices that were asked to go
     * @param cut those of them that were still here shortly before the deadline
     * @param unsettled ended sessions whose acks or whose end Redis has not confirmed
     */
    record Outcome(int asked, int cut, int unsettled) {}

    Drain(SessionRegistry registry, Leaving leaving, Duration spread) {
        this.registry = registry;
        this.leaving = leaving;
        this.spread = spread;
    }

    /** Blocks until every session has gone and Redis knows, or the deadline has passed. */
    Outcome run(Deadline deadline) throws InterruptedException {
        Deadline early = new Deadline(deadline.nanos() - RESERVE.toNanos(), deadline.ticker());
        long window =
                Math.max(1, Math.min(spread.toMillis(), early.remaining().minus(GRACE).toMillis()));
        long quiet = Math.min(QUIET.toMillis(), window / 2);
        List<Session> sessions = List.copyOf(registry.all());
        for (Session session : sessions) {
            long after = ThreadLocalRandom.current().nextLong(quiet, window);
            session.onLoop(
                    () ->
                            session.goaway(
                                    new ServerFrame.Goaway("drain", after),
                                    Duration.ofMillis(quiet),
                                    GRACE));
        }
        awaitEmpty(early);
        List<Session> left = List.copyOf(registry.all());
        for (Session session : left) {
            session.onLoop(() -> session.close(CloseReason.GOING_AWAY));
        }
        awaitEmpty(deadline);
        return new Outcome(sessions.size(), left.size(), leaving.await(deadline));
    }

    private void awaitEmpty(Deadline until) throws InterruptedException {
        while (registry.size() > 0 && !until.expired()) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
    }
}
