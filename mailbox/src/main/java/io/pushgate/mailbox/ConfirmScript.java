package io.pushgate.mailbox;

import io.pushgate.runtime.redis.LuaScript;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code confirm.lua}: receipts that Kafka has leave their outboxes. */
final class ConfirmScript {
    private static final LuaScript SCRIPT = ShardScripts.load("confirm.lua");
    private static final int ID_BYTES = 64;

    /** One receipt's place. */
    record Place(int shard, String outboxId) {}

    private final ShardScripts scripts;
    private final ShardBatches<Place, Boolean> batches;

    ConfirmScript(ShardScripts scripts) {
        this.scripts = scripts;
        this.batches =
                new ShardBatches<>(Place::shard, _ -> ID_BYTES, scripts::together, this::call);
    }

    CompletionStage<Void> run(List<Place> places) {
        return batches.run(places).thenApply(_ -> null);
    }

    private CompletionStage<List<Boolean>> call(int[] shards, List<Place> places) {
        List<byte[]> ids = places.stream().map(place -> Bytes.of(place.outboxId())).toList();
        // Nobody asks which were there: those already gone don't matter.
        return scripts.run(SCRIPT, shards, ids)
                .thenApply(_ -> Collections.nCopies(places.size(), true));
    }
}
