package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Position;
import io.pushgate.runtime.redis.LuaScript;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code discard.lua}: an entry that can't be read leaves its inbox. */
final class DiscardScript {
    private static final LuaScript SCRIPT = ShardScripts.load("discard.lua");

    /**
     * @param found whether the entry was still there
     * @param receipts {@code rejected}, if the message id was readable
     */
    record Result(boolean found, List<OutboxReceipt> receipts) {}

    private final ShardScripts scripts;
    private final Decoder decoder;

    DiscardScript(ShardScripts scripts, Decoder decoder) {
        this.scripts = scripts;
        this.decoder = decoder;
    }

    CompletionStage<Result> run(DeviceKey device, Position position) {
        int shard = scripts.shards().of(device);
        List<byte[]> args = List.of(Bytes.of(device.toString()), Bytes.of(position.toString()));
        return scripts.run(SCRIPT, shard, args)
                .thenApply(reply -> new Result(reply.flag(), decoder.receipts(shard, reply)));
    }
}
