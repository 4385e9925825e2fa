package io.pushgate.delayer;

import io.pushgate.runtime.Ticker;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * When each shard is looked at next. A shard that gave something is looked at in the next walk; one
 * that gave nothing is left alone for about {@code idle}, so that idle shards cost little: nothing
 * armed meanwhile is due before its first backoff. Any thread.
 */
final class ShardSchedule {
    private final Ticker ticker;
    private final long idleNanos;
    private final AtomicLongArray next;

    ShardSchedule(int shards, Duration idle, Ticker ticker) {
        this.ticker = ticker;
        this.idleNanos = idle.toNanos();
        this.next = new AtomicLongArray(shards);
        for (int shard = 0; shard < shards; shard++) {
            // Spread from the start, or all of them would come round together for ever.
            next.set(shard, ticker.nanos() + ThreadLocalRandom.current().nextLong(idleNanos + 1));
        }
    }

    /** Whether it is time to look at the shard. */
    boolean isDue(int shard) {
        return next.get(shard) - ticker.nanos() <= 0;
    }

    /** The shard may have more. */
    void busy(int shard) {
        next.set(shard, ticker.nanos());
    }

    /**
     * Nothing is due in the shard.
     *
     * @param wait until something is, as far as is known; counts where it is shorter than idle
     */
    void idle(int shard, Duration wait) {
        long jittered = ThreadLocalRandom.current().nextLong(idleNanos * 3 / 4, idleNanos + 1);
        next.set(shard, ticker.nanos() + Math.min(jittered, wait.toNanos()));
    }
}
