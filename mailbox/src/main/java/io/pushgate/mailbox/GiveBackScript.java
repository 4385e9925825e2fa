package io.pushgate.mailbox;

import io.pushgate.runtime.redis.LuaScript;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code giveback.lua}: a claim that is undone. */
final class GiveBackScript {
    private static final LuaScript SCRIPT = ShardScripts.load("giveback.lua");

    private final ShardScripts scripts;

    GiveBackScript(ShardScripts scripts) {
        this.scripts = scripts;
    }

    CompletionStage<Boolean> run(Claim.Retry claim) {
        List<byte[]> args =
                List.of(
                        Bytes.of(claim.device().toString()),
                        Bytes.of(claim.route().node()),
                        Bytes.of(claim.route().session()),
                        Bytes.of(claim.attempt()));
        return scripts.run(SCRIPT, scripts.shards().of(claim.device()), args)
                .thenApply(Reply::flag);
    }
}
