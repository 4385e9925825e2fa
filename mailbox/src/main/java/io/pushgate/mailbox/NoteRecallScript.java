package io.pushgate.mailbox;

import io.pushgate.runtime.redis.LuaScript;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code note-recall.lua}: a message is recalled, wherever its request is. */
final class NoteRecallScript {
    private static final LuaScript SCRIPT = ShardScripts.load("note-recall.lua");

    /**
     * @param targets as JSON, a line each; empty where none is noted
     * @param scheduled whether it waited for its time
     * @param old whether its devices may have forgotten its id
     */
    record Result(String targets, boolean scheduled, boolean old) {}

    private final ShardScripts scripts;

    NoteRecallScript(ShardScripts scripts) {
        this.scripts = scripts;
    }

    CompletionStage<Result> run(int shard, String message, Duration keep) {
        return scripts.run(SCRIPT, shard, List.of(Bytes.of(message), Bytes.of(keep.toMillis())))
                .thenApply(reply -> new Result(reply.text(), reply.flag(), reply.flag()));
    }
}
