package io.pushgate.mailbox;

import io.pushgate.runtime.redis.LuaScript;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code sweepable.lua}: whether shards are worth a sweep. */
final class SweepableScript {
    private static final LuaScript SCRIPT = ShardScripts.load("sweepable.lua");
    private static final int SHARD_BYTES = 32;

    private final ShardScripts scripts;

    SweepableScript(ShardScripts scripts) {
        this.scripts = scripts;
    }

    /**
     * @param olderThan age from which a receipt counts as forgotten
     * @return an answer for each shard, in order
     */
    CompletionStage<List<Boolean>> run(List<Integer> shards, Duration olderThan) {
        return new ShardBatches<Integer, Boolean>(
                        shard -> shard,
                        _ -> SHARD_BYTES,
                        scripts::together,
                        (call, _) ->
                                scripts.run(
                                                SCRIPT,
                                                call,
                                                List.of(
                                                        Bytes.of(olderThan.toMillis()),
                                                        Bytes.of(Lifetimes.DEVICE.toMillis()),
                                                        Bytes.of(call.length)))
                                        .thenApply(SweepableScript::read))
                .run(shards);
    }

    private static List<Boolean> read(Reply reply) {
        List<Boolean> answers = new ArrayList<>();
        while (reply.hasNext()) {
            answers.add(reply.flag());
        }
        return answers;
    }
}
