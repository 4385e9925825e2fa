package io.pushgate.purger;

import io.pushgate.runtime.Ticker;

import java.util.concurrent.TimeUnit;

/**
 * Spaces what is offered in bulk evenly: as fast as it goes it would fill every processor on its
 * way to the devices, and priorities decide only who goes first, not who else computes. What was
 * not used is not saved up. One thread.
 */
final class BulkPace {
    /** The part of a second that one chunk is to fill, at most. */
    private static final int CHUNKS_PER_SECOND = 10;

    private final Ticker ticker;
    private final int perSecond;
    private long dueNanos;

    /**
     * @param perSecond devices, at least 1
     */
    BulkPace(Ticker ticker, int perSecond) {
        this.ticker = ticker;
        this.perSecond = perSecond;
        this.dueNanos = ticker.nanos();
    }

    /**
     * How many devices to take at a time, so that the pace is even.
     *
     * @param most never more than that
     */
    int chunk(int most) {
        return Math.clamp(perSecond / CHUNKS_PER_SECOND, 1, most);
    }

    /** Whether the next ones may be offered. */
    boolean isDue() {
        return dueNanos - ticker.nanos() <= 0;
    }

    /** So many were offered, or are about to be. */
    void taken(int devices) {
        long now = ticker.nanos();
        long from = dueNanos - now > 0 ? dueNanos : now;
        dueNanos = from + TimeUnit.SECONDS.toNanos(devices) / perSecond;
    }
}
