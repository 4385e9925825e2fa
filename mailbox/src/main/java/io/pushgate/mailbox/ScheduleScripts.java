package io.pushgate.mailbox;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.pushgate.runtime.redis.LuaScript;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * {@code schedule.lua}, {@code schedule-take.lua} and {@code schedule-remove.lua}: requests of one
 * shard that wait for their time.
 */
final class ScheduleScripts {
    private static final LuaScript SCHEDULE = ShardScripts.load("schedule.lua");
    private static final LuaScript TAKE = ShardScripts.load("schedule-take.lua");
    private static final LuaScript REMOVE = ShardScripts.load("schedule-remove.lua");

    /** Bytes of requests after which one call takes no more. */
    private static final int TAKE_BYTES = 1 << 20;

    private final ShardScripts scripts;
    private final byte[] shardBytes;

    /**
     * @param shardBytes of requests that one shard keeps, at most
     */
    ScheduleScripts(ShardScripts scripts, long shardBytes) {
        this.scripts = scripts;
        this.shardBytes = Bytes.of(shardBytes);
    }

    CompletionStage<List<ScheduleResult>> schedule(
            RedisClusterAsyncCommands<byte[], byte[]> via,
            int[] shards,
            List<Schedule.Timed> requests) {
        List<byte[]> args = new ArrayList<>(1 + 4 * requests.size());
        args.add(shardBytes);
        for (Schedule.Timed timed : requests) {
            args.add(message(timed.request()));
            args.add(Bytes.of(timed.dueAt()));
            args.add(Bytes.of(timed.request().origin()));
            args.add(timed.request().request());
        }
        return scripts.run(via, SCHEDULE, shards, args).thenApply(ScheduleScripts::results);
    }

    CompletionStage<List<ScheduledRequest>> take(int shard, int limit, Duration again) {
        return scripts.run(
                        TAKE,
                        shard,
                        List.of(Bytes.of(limit), Bytes.of(again.toMillis()), Bytes.of(TAKE_BYTES)))
                .thenApply(ScheduleScripts::requests);
    }

    CompletionStage<Long> remove(int shard, List<ScheduledRequest> requests) {
        List<byte[]> args = new ArrayList<>(2 * requests.size());
        for (ScheduledRequest request : requests) {
            args.add(message(request));
            args.add(Bytes.of(request.origin()));
        }
        return scripts.run(REMOVE, shard, args).thenApply(Reply::number);
    }

    private static byte[] message(ScheduledRequest request) {
        return Bytes.of(request.app() + "/" + request.id());
    }

    private static List<ScheduleResult> results(Reply reply) {
        List<ScheduleResult> results = new ArrayList<>();
        while (reply.hasNext()) {
            String kind = reply.text();
            results.add(
                    switch (kind) {
                        case "S" -> ScheduleResult.SCHEDULED;
                        case "A" -> ScheduleResult.REPEATED;
                        case "D" -> ScheduleResult.DUPLICATE;
                        case "F" -> ScheduleResult.FULL;
                        default -> throw new IllegalStateException("schedule.lua returned " + kind);
                    });
        }
        return results;
    }

    private static List<ScheduledRequest> requests(Reply reply) {
        List<ScheduledRequest> requests = new ArrayList<>();
        while (reply.hasNext()) {
            String[] message = reply.text().split("/", 2);
            requests.add(new ScheduledRequest(message[0], message[1], reply.text(), reply.bytes()));
        }
        return requests;
    }
}
