package io.pushgate.mailbox;

import io.pushgate.protocol.InvalidInputException;
import io.pushgate.runtime.redis.LuaScript;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code pending.lua}: receipts that nobody confirmed. */
final class PendingScript {
    /** Receipts in one call. */
    static final int MAX_LIMIT = 1000;

    private static final LuaScript SCRIPT = ShardScripts.load("pending.lua");

    /**
     * @param corrupt outbox ids of entries that could not be read
     */
    record Result(List<OutboxReceipt> receipts, List<String> corrupt) {}

    private final ShardScripts scripts;
    private final Decoder decoder;

    PendingScript(ShardScripts scripts, Decoder decoder) {
        this.scripts = scripts;
        this.decoder = decoder;
    }

    /**
     * @param limit from 1 to {@link #MAX_LIMIT}, brought into this range
     */
    CompletionStage<Result> run(int shard, Duration olderThan, int limit) {
        List<byte[]> args =
                List.of(Bytes.of(olderThan.toMillis()), Bytes.of(Math.clamp(limit, 1, MAX_LIMIT)));
        return scripts.run(SCRIPT, shard, args).thenApply(reply -> read(shard, reply));
    }

    private Result read(int shard, Reply reply) {
        List<OutboxReceipt> receipts = new ArrayList<>();
        List<String> corrupt = new ArrayList<>();
        while (reply.hasNext()) {
            String outboxId = reply.text();
            try {
                receipts.add(StoredReceipt.parse(shard, outboxId, reply.text()));
            } catch (InvalidInputException e) {
                decoder.corrupt(MailboxError.CORRUPT_RECEIPT, e);
                corrupt.add(outboxId);
            }
        }
        return new Result(receipts, corrupt);
    }
}
