package io.pushgate.access;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Route;
import io.pushgate.runtime.Deadline;

import java.util.concurrent.TimeUnit;

/**
 * Sessions that have ended and whose acks or route are on their way to Redis; a drain waits for
 * them. Any thread.
 */
final class Leaving {
    private final Inbox inbox;
    private final AccessMetrics metrics;
    private int open;

    Leaving(Inbox inbox, AccessMetrics metrics) {
        this.inbox = inbox;
        this.metrics = metrics;
    }

    /**
     * Takes the session out of Redis. One try: a route that stays is found stale by the first
     * delivery it draws here, and bounced.
     */
    void unregister(DeviceKey device, Route route) {
        begin();
        inbox.unregister(device, route)
                .whenComplete(
                        (removed, cause) -> {
                            if (cause != null) {
                                metrics.error(AccessError.UNREGISTER_FAILED);
                            }
                            done();
                        });
    }

    /** Sessions whose end Redis has not confirmed yet. */
    synchronized int open() {
        return open;
    }

    synchronized void begin() {
        open++;
    }

    synchronized void done() {
        open--;
        if (open == 0) {
            notifyAll();
        }
    }

    /** Blocks until nothing is open, or the deadline has passed; returns what is left. */
    synchronized int await(Deadline deadline) throws InterruptedException {
        while (open > 0 && !deadline.expired()) {
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, deadline.remainingNanos()));
        }
        return open;
    }
}
