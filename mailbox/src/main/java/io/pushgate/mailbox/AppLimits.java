package io.pushgate.mailbox;

import io.lettuce.core.ScriptOutputType;
import io.pushgate.runtime.redis.LuaScript;
import io.pushgate.runtime.redis.RedisConnection;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * How much an app may publish over HTTP: so much a second, so much a day (UTC), over all consoles
 * together. A leaky bucket, by Redis's clock.
 *
 * <p>Keys: <code>{limit:&lt;app&gt;}bucket</code> and <code>{limit:&lt;app&gt;}day</code>, see
 * {@code limit.lua}. Any thread may call; stages complete on Lettuce's threads.
 */
public final class AppLimits {
    private static final LuaScript SCRIPT = LuaScript.load(AppLimits.class, "limit.lua");

    private final RedisConnection redis;
    private final LongSupplier shiftMillis;

    public AppLimits(RedisConnection redis) {
        this(redis, () -> 0);
    }

    AppLimits(RedisConnection redis, LongSupplier shiftMillis) {
        this.redis = redis;
        this.shiftMillis = shiftMillis;
    }

    /**
     * The limits of one app.
     *
     * @param perSecond 0 for no limit
     * @param burst how many at once; of a larger lot the app pays the rest afterwards
     * @param perDay 0 for no limit
     */
    public record Limits(long perSecond, long burst, long perDay) {}

    /** What came of asking. */
    public sealed interface Outcome {
        /** Go on. */
        record Taken() implements Outcome {}

        /** Too many a second: none was taken. */
        record OverRate(Duration retryAfter) implements Outcome {}

        /** Too many today: none was taken. */
        record OverQuota(Duration retryAfter, long left) implements Outcome {}
    }

    /** Takes {@code count}, or nothing. */
    public CompletionStage<Outcome> take(String app, Limits limits, int count) {
        return SCRIPT.<List<Object>>run(
                        redis,
                        ScriptOutputType.MULTI,
                        new byte[][] {
                            Bytes.of("{limit:" + app + "}bucket"),
                            Bytes.of("{limit:" + app + "}day")
                        },
                        Bytes.of(shiftMillis.getAsLong()),
                        Bytes.of(count),
                        Bytes.of(limits.perSecond()),
                        Bytes.of(limits.burst()),
                        Bytes.of(limits.perDay()))
                .thenApply(values -> read(new Reply(values)));
    }

    private static Outcome read(Reply reply) {
        String kind = reply.text();
        Duration wait = Duration.ofMillis(reply.number());
        return switch (kind) {
            case "T" -> new Outcome.Taken();
            case "R" -> new Outcome.OverRate(wait);
            case "Q" -> new Outcome.OverQuota(wait, reply.number());
            default -> throw new IllegalStateException("limit.lua returned " + kind);
        };
    }
}
