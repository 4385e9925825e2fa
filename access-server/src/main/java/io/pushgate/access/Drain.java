package io.pushgate.access;

import io.pushgate.protocol.CloseReason;
import io.pushgate.runtime.Deadline;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Sends every device elsewhere: each is told a moment of its own to reconnect at, closed if it is
 * still here a while later, and cut at the deadline.
 */
final class Drain {
    /** How long after its moment a client is closed. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** What is kept back of the deadline for what remains in the end. */
    private static final Duration RESERVE = Duration.ofSeconds(1);

    private static final long LOOK_EVERY_MILLIS = 20;

    private final SessionRegistry registry;
    private final Leaving leaving;
    private final Duration spread;

    Drain(SessionRegistry registry, Leaving leaving, Duration spread) {
        this.registry = registry;
        this.leaving = leaving;
        this.spread = spread;
    }

    /** Blocks until every session has gone and Redis knows, or the deadline has passed. */
    void run(Deadline deadline) throws InterruptedException {
        Deadline early = new Deadline(deadline.nanos() - RESERVE.toNanos(), deadline.ticker());
        long window =
                Math.max(1, Math.min(spread.toMillis(), early.remaining().minus(GRACE).toMillis()));
        for (Session session : List.copyOf(registry.all())) {
            Duration after = Duration.ofMillis(ThreadLocalRandom.current().nextLong(window));
            session.onLoop(() -> session.goaway(after, GRACE));
        }
        awaitEmpty(early);
        for (Session session : List.copyOf(registry.all())) {
            session.onLoop(() -> session.close(CloseReason.GOING_AWAY));
        }
        awaitEmpty(deadline);
        leaving.await(deadline);
    }

    private void awaitEmpty(Deadline until) throws InterruptedException {
        while (registry.size() > 0 && !until.expired()) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
    }
}
