package io.pushgate.mailbox;

import io.pushgate.runtime.redis.LuaScript;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** {@code due.lua}: when to look at shards again. */
final class DueScript {
    private static final LuaScript SCRIPT = ShardScripts.load("due.lua");
    private static final int SHARD_BYTES = 32;

    private final ShardScripts scripts;
    private final ShardBatches<Integer, ShardDue> batches;

    DueScript(ShardScripts scripts) {
        this.scripts = scripts;
        this.batches =
                new ShardBatches<>(shard -> shard, _ -> SHARD_BYTES, scripts::together, this::call);
    }

    CompletionStage<List<ShardDue>> run(List<Integer> shards) {
        return batches.run(shards);
    }

    private CompletionStage<List<ShardDue>> call(int[] shards, List<Integer> items) {
        return scripts.run(SCRIPT, shards, List.of(Bytes.of(shards.length)))
                .thenApply(DueScript::read);
    }

    private static List<ShardDue> read(Reply reply) {
        List<ShardDue> dues = new ArrayList<>();
        while (reply.hasNext()) {
            Reply one = reply.array();
            dues.add(new ShardDue(until(one.number()), until(one.number())));
        }
        return dues;
    }

    private static Optional<Duration> until(long millis) {
        return millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
    }
}
