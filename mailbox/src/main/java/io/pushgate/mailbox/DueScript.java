package io.pushgate.mailbox;

import io.pushgate.runtime.redis.LuaScript;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** {@code due.lua}: when to look at a shard again. */
final class DueScript {
    private static final LuaScript SCRIPT = ShardScripts.load("due.lua");

    private final ShardScripts scripts;

    DueScript(ShardScripts scripts) {
        this.scripts = scripts;
    }

    CompletionStage<ShardDue> run(int shard) {
        return scripts.run(SCRIPT, shard, List.of())
                .thenApply(reply -> new ShardDue(until(reply.number()), until(reply.number())));
    }

    private static Optional<Duration> until(long millis) {
        return millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
    }
}
