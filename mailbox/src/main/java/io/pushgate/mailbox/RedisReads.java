package io.pushgate.mailbox;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisException;
import io.lettuce.core.SetArgs;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.pushgate.runtime.redis.RedisConnection;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Single commands, where no script is needed as nothing depends on another key; any thread. */
final class RedisReads {
    private final RedisConnection redis;

    RedisReads(RedisConnection redis) {
        this.redis = redis;
    }

    /** The field's value, or an empty text if there is none. */
    CompletionStage<String> field(byte[] key, String field) {
        return call(commands -> commands.hget(key, Bytes.of(field)))
                .thenApply(RedisReads::textOrEmpty);
    }

    /** The values of fields, in their order, an empty text where there is none. */
    CompletionStage<List<String>> fields(byte[] key, List<String> fields) {
        byte[][] names = fields.stream().map(Bytes::of).toArray(byte[][]::new);
        return call(commands -> commands.hmget(key, names))
                .thenApply(
                        values ->
                                values.stream()
                                        .map(v -> textOrEmpty(v.getValueOrElse(Bytes.EMPTY)))
                                        .toList());
    }

    CompletionStage<Map<byte[], byte[]>> fields(byte[] key) {
        return call(commands -> commands.hgetall(key));
    }

    CompletionStage<Long> removeField(byte[] key, String field) {
        return call(commands -> commands.hdel(key, Bytes.of(field)));
    }

    /** The key's value, or an empty text if there is none. */
    CompletionStage<String> text(byte[] key) {
        return call(commands -> commands.get(key)).thenApply(RedisReads::textOrEmpty);
    }

    /** Sets a key that is not there yet; the value that is there already, or an empty text. */
    CompletionStage<String> setIfAbsent(byte[] key, byte[] value, Duration keep) {
        return call(commands -> commands.setGet(key, value, SetArgs.Builder.nx().px(keep)))
                .thenApply(RedisReads::textOrEmpty);
    }

    /** The value of a string, or null if there is none. */
    CompletionStage<byte @Nullable []> value(byte[] key) {
        return call(commands -> commands.get(key));
    }

    /** Completes with whether there was none. */
    CompletionStage<Boolean> putIfAbsent(byte[] key, byte[] value, Duration lifetime) {
        return call(commands -> commands.set(key, value, SetArgs.Builder.nx().px(lifetime)))
                .thenApply("OK"::equals);
    }

    /** Entries of a stream. */
    CompletionStage<Long> length(byte[] key) {
        return call(commands -> commands.xlen(key));
    }

    /** The oldest entries of a stream, at most so many. */
    CompletionStage<List<StreamMessage<byte[], byte[]>>> entries(byte[] key, int most) {
        return call(commands -> commands.xrange(key, Range.unbounded(), Limit.from(most)));
    }

    CompletionStage<Long> removeEntries(byte[] key, String[] ids) {
        return call(commands -> commands.xdel(key, ids));
    }

    /** The member's score in whole numbers, 0 if there is none. */
    CompletionStage<Long> score(byte[] key, String member) {
        return call(commands -> commands.zscore(key, Bytes.of(member)))
                .thenApply(RedisReads::wholeOrZero);
    }

    private <T> CompletionStage<T> call(
            Function<RedisClusterAsyncCommands<byte[], byte[]>, CompletionStage<T>> command) {
        try {
            return command.apply(redis.commands());
        } catch (RedisException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static String textOrEmpty(byte @Nullable [] value) {
        return value == null ? "" : Bytes.text(value);
    }

    private static long wholeOrZero(@Nullable Double value) {
        return value == null ? 0 : value.longValue();
    }
}
