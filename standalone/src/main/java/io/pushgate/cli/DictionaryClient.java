package io.pushgate.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.mailbox.DictionaryPut;
import io.pushgate.mailbox.DictionaryVersion;
import io.pushgate.mailbox.PayloadDictionaries;
import io.pushgate.mailbox.TrainedDictionary;
import io.pushgate.runtime.config.RedisConfig;
import io.pushgate.runtime.redis.RedisConnection;
import io.pushgate.standalone.Errors;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The dictionaries in Redis, for a command that waits for each answer. One thread only. */
final class DictionaryClient implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final RedisConnection redis;
    private final PayloadDictionaries dictionaries;

    private DictionaryClient(RedisConnection redis) {
        this.redis = redis;
        this.dictionaries = new PayloadDictionaries(redis, new SimpleMeterRegistry());
    }

    /**
     * Connects, which may take 10 s.
     *
     * @throws CommandFailure if nobody answers
     */
    static DictionaryClient open(RedisConfig config) throws CommandFailure, InterruptedException {
        RedisConnection redis;
        try {
            redis = RedisConnection.open(config);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure("redis.uri: " + Errors.reason(e), e);
        }
        long deadline = System.nanoTime() + CONNECT.toNanos();
        while (!redis.check().ok()) {
            if (System.nanoTime() - deadline > 0) {
                String why = redis.check().detail();
                redis.close();
                throw new CommandFailure(why);
            }
            TimeUnit.NANOSECONDS.sleep(LOOK_AGAIN.toNanos());
        }
        return new DictionaryClient(redis);
    }

    List<DictionaryVersion> list(String app) throws CommandFailure, InterruptedException {
        return answer(dictionaries.list(app));
    }

    DictionaryPut put(String app, TrainedDictionary trained)
            throws CommandFailure, InterruptedException {
        return answer(dictionaries.put(app, trained));
    }

    private static <T> T answer(CompletionStage<T> stage)
            throws CommandFailure, InterruptedException {
        try {
            return stage.toCompletableFuture().get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new CommandFailure(
                    "Redis did not do it: "
                            + Errors.reason(e.getCause() == null ? e : e.getCause()),
                    e);
        } catch (TimeoutException e) {
            throw new CommandFailure("Redis did not answer within " + ANSWER.toSeconds() + " s", e);
        }
    }

    @Override
    public void close() {
        redis.close();
    }
}
