package io.pushgate.mailbox;

import io.pushgate.runtime.redis.LuaScript;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code expire.lua}: what is no longer worth delivering leaves the inboxes of a shard. */
final class ExpireScript {
    /** Receipts after which one call looks at no further inbox. */
    static final int MAX_LIMIT = 1000;

    private static final LuaScript SCRIPT = ShardScripts.load("expire.lua");

    /**
     * @param expired messages that left, unreadable ones included
     */
    record Result(long expired, List<OutboxReceipt> receipts) {}

    private final ShardScripts scripts;
    private final Decoder decoder;

    ExpireScript(ShardScripts scripts, Decoder decoder) {
        this.scripts = scripts;
        this.decoder = decoder;
    }

    /**
     * @param limit from 1 to {@link #MAX_LIMIT}, brought into this range
     */
    CompletionStage<Result> run(int shard, int limit) {
        List<byte[]> args =
                List.of(
                        Bytes.of(Math.clamp(limit, 1, MAX_LIMIT)),
                        Bytes.of(Lifetimes.DEVICE.toMillis()));
        return scripts.run(SCRIPT, shard, args)
                .thenApply(reply -> new Result(reply.number(), decoder.receipts(shard, reply)));
    }
}
