package io.pushgate.client;

/**
 * When to ping and when to give a silent connection up. Reads and writes only stamp a field; the
 * owner asks {@link #check} when the time it was last told has come. Times are nanoseconds of one
 * ticker. Not thread-safe.
 */
final class Heartbeat {
    private final long interval;
    private final long patience;
    private long lastReceived;
    private long lastSent;
    private long unansweredPing;
    private boolean pinged;

    /**
     * @param interval how long to stay silent before a ping
     * @param grace added to 1.5 intervals, how long to wait for any sign of life after a ping
     */
    Heartbeat(long interval, long grace, long now) {
        this.interval = interval;
        this.patience = interval + interval / 2 + grace;
        this.lastReceived = now;
        this.lastSent = now;
    }

    sealed interface Next {
        /** Nothing to do; ask again after so many nanoseconds. */
        record Wait(long nanos) implements Next {}

        /** Send a ping (it counts as sent now); ask again after so many nanoseconds. */
        record Ping(long nanos) implements Next {}

        record Dead() implements Next {}
    }

    void received(long now) {
        lastReceived = now;
    }

    void sent(long now) {
        lastSent = now;
    }

    Next check(long now) {
        if (pinged && lastReceived - unansweredPing >= 0) {
            pinged = false;
        }
        if (pinged && now - unansweredPing >= patience) {
            return new Next.Dead();
        }
        if (now - lastSent < interval) {
            return new Next.Wait(untilNext(now));
        }
        if (!pinged) {
            pinged = true;
            unansweredPing = now;
        }
        lastSent = now;
        return new Next.Ping(untilNext(now));
    }

    private long untilNext(long now) {
        long untilPing = lastSent + interval - now;
        return pinged ? Math.min(untilPing, unansweredPing + patience - now) : untilPing;
    }
}
