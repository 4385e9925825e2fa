package io.pushgate.mailbox;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.pushgate.runtime.redis.LuaScript;
import io.pushgate.runtime.redis.RedisConnection;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Runs the scripts of a shard with the KEYS and the first six ARGV that {@code shard.lua} names;
 * any thread.
 */
final class ShardScripts {
    private final RedisConnection redis;
    private final Shards shards;
    private final LongSupplier shiftMillis;
    private final byte[] waits;
    private final byte[] jitter;
    private final byte[] keepEmpty = Bytes.of(Lifetimes.EMPTY_INBOX.toMillis());
    private final byte[] keepSeen = Bytes.of(Lifetimes.SEEN.toMillis());

    ShardScripts(
            RedisConnection redis, Shards shards, MailboxConfig config, LongSupplier shiftMillis) {
        this.redis = redis;
        this.shards = shards;
        this.shiftMillis = shiftMillis;
        this.waits =
                Bytes.of(
                        config.backoff().stream()
                                .map(Duration::toMillis)
                                .map(String::valueOf)
                                .collect(Collectors.joining(",")));
        this.jitter = Bytes.of(Double.toString(config.jitter()));
    }

    /**
     * How far the clocks of the servers that hold the shards may lie apart, in milliseconds: one
     * server has one clock, those of a cluster are trusted to a second.
     */
    int clocksDiffer() {
        return redis.cluster() ? 1_000 : 1;
    }

    /** Reads a script and what it shares with the others; what only some share comes before it. */
    static LuaScript load(String... resources) {
        String[] all = new String[1 + resources.length];
        all[0] = "shard.lua";
        System.arraycopy(resources, 0, all, 1, resources.length);
        return LuaScript.loadAll(ShardScripts.class, all);
    }

    /** The same, where a few scripts share more. */
    static LuaScript load(String shared, String resource) {
        return LuaScript.loadAll(ShardScripts.class, "shard.lua", shared, resource);
    }

    Shards shards() {
        return shards;
    }

    /**
     * Runs one of the scripts of {@link #load}.
     *
     * @param args ARGV from the seventh on
     */
    CompletionStage<Reply> run(LuaScript script, int shard, List<byte[]> args) {
        return script.<List<Object>>run(
                        redis, ScriptOutputType.MULTI, shards.keys(shard), complete(args))
                .thenApply(Reply::new);
    }

    /** Whether one call may be for several shards: where one server has them all. */
    boolean together() {
        return !redis.cluster();
    }

    /**
     * Runs one of the scripts that take several items.
     *
     * @param shardOfItem the shard of each
     */
    CompletionStage<Reply> run(LuaScript script, int[] shardOfItem, List<byte[]> args) {
        return script.<List<Object>>run(
                        redis, ScriptOutputType.MULTI, keys(shardOfItem), complete(args))
                .thenApply(Reply::new);
    }

    /** The same over a connection of the caller's choice. */
    CompletionStage<Reply> run(
            RedisClusterAsyncCommands<byte[], byte[]> commands,
            LuaScript script,
            int[] shardOfItem,
            List<byte[]> args) {
        return script.<List<Object>>run(
                        commands, ScriptOutputType.MULTI, keys(shardOfItem), complete(args))
                .thenApply(Reply::new);
    }

    /** The keys of the first item's shard, then, where there are several, one of each item's. */
    private byte[][] keys(int[] shardOfItem) {
        byte[][] first = shards.keys(shardOfItem[0]);
        if (Arrays.stream(shardOfItem).allMatch(shard -> shard == shardOfItem[0])) {
            return first;
        }
        byte[][] all = Arrays.copyOf(first, first.length + shardOfItem.length);
        for (int i = 0; i < shardOfItem.length; i++) {
            all[first.length + i] = shards.sessions(shardOfItem[i]);
        }
        return all;
    }

    private byte[][] complete(List<byte[]> args) {
        byte[][] all = new byte[6 + args.size()][];
        all[0] = Bytes.of(shiftMillis.getAsLong());
        all[1] = waits;
        all[2] = jitter;
        all[3] = Bytes.of(ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE));
        all[4] = keepEmpty;
        all[5] = keepSeen;
        for (int i = 0; i < args.size(); i++) {
            all[6 + i] = args.get(i);
        }
        return all;
    }
}
