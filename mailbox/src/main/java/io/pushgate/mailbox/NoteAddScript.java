package io.pushgate.mailbox;

import io.pushgate.runtime.redis.LuaScript;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code note-add.lua}: one more target of a message id that was used before. */
final class NoteAddScript {
    /** Bytes of a note: a few lists of a thousand devices. */
    static final int MAX_BYTES = 64 * 1024;

    private static final LuaScript SCRIPT = ShardScripts.load("note-add.lua");

    /**
     * @param full whether there was no room for the target
     */
    record Result(boolean recalled, boolean full) {}

    private final ShardScripts scripts;

    NoteAddScript(ShardScripts scripts) {
        this.scripts = scripts;
    }

    CompletionStage<Result> run(int shard, String message, String target, Duration keep) {
        return scripts.run(
                        SCRIPT,
                        shard,
                        List.of(
                                Bytes.of(message),
                                Bytes.of(target),
                                Bytes.of(keep.toMillis()),
                                Bytes.of(MAX_BYTES)))
                .thenApply(reply -> new Result(reply.flag(), reply.flag()));
    }
}
