package io.pushgate.console.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.pushgate.mailbox.ApiKey;
import io.pushgate.runtime.Ticker;

import java.time.Duration;

/**
 * So many requests a second for each API key, in this process; twice as many at once. Any thread.
 */
public final class RequestRate {
    private static final Duration FORGET_AFTER = Duration.ofMinutes(1);
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final int perSecond;
    private final Ticker ticker;
    private final Cache<String, Bucket> buckets;

    /**
     * @param perSecond 0 for no limit
     */
    public RequestRate(int perSecond, Ticker ticker) {
        this.perSecond = perSecond;
        this.ticker = ticker;
        this.buckets =
                Caffeine.newBuilder()
                        .expireAfterAccess(FORGET_AFTER)
                        .ticker(ticker::nanos)
                        .executor(Runnable::run)
                        .build();
    }

    private static final class Bucket {
        private double level;
        private long at;

        private Bucket(long at) {
            this.at = at;
        }

        /** Nanoseconds to wait, 0 where it was taken. */
        synchronized long take(long now, int perSecond) {
            level = Math.max(0, level - (double) (now - at) * perSecond / NANOS_PER_SECOND);
            at = now;
            if (level + 1 > 2.0 * perSecond) {
                return (long) ((level + 1 - 2.0 * perSecond) * NANOS_PER_SECOND / perSecond);
            }
            level++;
            return 0;
        }
    }

    void take(ApiKey key) throws Problem {
        if (perSecond == 0) {
            return;
        }
        long now = ticker.nanos();
        long wait = buckets.get(key.id(), _ -> new Bucket(now)).take(now, perSecond);
        if (wait > 0) {
            throw new Problem(
                            ProblemType.RATE_LIMITED,
                            "a key may make %d requests a second".formatted(perSecond))
                    .retryAfter(Duration.ofNanos(wait));
        }
    }
}
