package io.pushgate.runtime.redis;

import io.pushgate.runtime.Ticker;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * The time of Redis, as a process can tell it between two answers: what Redis said last, and how
 * long ago that was by the monotonic clock. A machine whose own clock jumps doesn't notice, and
 * what the mailbox's scripts call expired is expired here too, but never sooner: an answer is taken
 * for as old as the moment it arrived, so this clock is behind by what the answer took.
 *
 * <p>Of the last {@value #KEPT} answers the one that took the shortest counts (the clock filter of
 * NTP, RFC 5905 section 10). Before the first answer it is the machine's own clock. Any thread.
 */
final class ServerClock implements InstantSource {
    static final int KEPT = 16;

    /** What Redis' epoch milliseconds were ahead of the monotonic clock's. */
    private record Sample(long offsetMillis, long tookNanos) {}

    private final Ticker ticker;
    private final InstantSource before;
    private final ArrayDeque<Sample> samples = new ArrayDeque<>();
    private volatile @Nullable Sample best;

    /**
     * @param before what tells the time until Redis has answered
     */
    ServerClock(Ticker ticker, InstantSource before) {
        this.ticker = ticker;
        this.before = before;
    }

    /**
     * Redis has answered.
     *
     * @param sentNanos when it was asked, by the ticker
     * @param serverMillis what it said
     */
    synchronized void answered(long sentNanos, long serverMillis) {
        long now = ticker.nanos();
        samples.addLast(
                new Sample(serverMillis - TimeUnit.NANOSECONDS.toMillis(now), now - sentNanos));
        if (samples.size() > KEPT) {
            samples.removeFirst();
        }
        Sample shortest = samples.getFirst();
        for (Sample sample : samples) {
            if (sample.tookNanos <= shortest.tookNanos) {
                shortest = sample;
            }
        }
        best = shortest;
    }

    @Override
    public long millis() {
        Sample known = best;
        return known == null
                ? before.millis()
                : TimeUnit.NANOSECONDS.toMillis(ticker.nanos()) + known.offsetMillis;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }
}
