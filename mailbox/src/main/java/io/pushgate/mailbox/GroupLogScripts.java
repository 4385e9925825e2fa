package io.pushgate.mailbox;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.pushgate.protocol.LogKey;
import io.pushgate.runtime.redis.LuaScript;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** {@code log-mark.lua} and {@code log-marked.lua}: which groups of an app have a log. */
final class GroupLogScripts {
    private static final LuaScript MARK = ShardScripts.load("cursors.lua", "log-mark.lua");
    private static final LuaScript MARKED = ShardScripts.load("log-marked.lua");
    private static final int MARK_BYTES = 256;

    private final ShardScripts scripts;

    GroupLogScripts(ShardScripts scripts) {
        this.scripts = scripts;
    }

    /** The marks of an app lie with its own log. */
    int shardOf(LogKey log) {
        return scripts.shards().of(LogKey.all(log.app()));
    }

    /**
     * @param logs each of a group
     * @param via the connection for each of their shards
     */
    CompletionStage<List<Boolean>> mark(
            List<LogKey> logs, Map<Integer, RedisClusterAsyncCommands<byte[], byte[]>> via) {
        return new ShardBatches<LogKey, Boolean>(
                        this::shardOf,
                        _ -> MARK_BYTES,
                        scripts::together,
                        (shards, some) ->
                                mark(Objects.requireNonNull(via.get(shards[0])), shards, some))
                .run(logs);
    }

    private CompletionStage<List<Boolean>> mark(
            RedisClusterAsyncCommands<byte[], byte[]> via, int[] shards, List<LogKey> logs) {
        List<byte[]> args = new ArrayList<>(2 * logs.size());
        for (LogKey log : logs) {
            args.add(Bytes.of(log.app()));
            args.add(Bytes.of(Objects.requireNonNull(log.group())));
        }
        return scripts.run(via, MARK, shards, args)
                .thenApply(
                        reply -> {
                            List<Boolean> marked = new ArrayList<>(logs.size());
                            while (reply.hasNext()) {
                                marked.add(reply.flag());
                            }
                            return marked;
                        });
    }

    CompletionStage<GroupLogs> marked(String app, long since) {
        int shard = scripts.shards().of(LogKey.all(app));
        return scripts.run(MARKED, shard, List.of(Bytes.of(app), Bytes.of(since)))
                .thenApply(
                        reply -> {
                            long at = Long.parseLong(reply.text());
                            Set<String> groups = new HashSet<>();
                            while (reply.hasNext()) {
                                groups.add(reply.text());
                            }
                            return new GroupLogs(at, groups);
                        });
    }
}
