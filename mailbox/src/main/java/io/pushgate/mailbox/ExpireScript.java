package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.runtime.redis.LuaScript;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** {@code expire.lua}: what is no longer worth delivering leaves the inboxes of a shard. */
final class ExpireScript {
    /** Receipts after which one call looks at no further inbox. */
    static final int MAX_LIMIT = 1000;

    private static final LuaScript SCRIPT = MembershipScripts.load("expire.lua");

    /**
     * @param expired messages that left, unreadable ones included
     * @param forgotten devices that belong to groups still, each with what their sets have to
     *     follow
     */
    record Result(long expired, Map<DeviceKey, String> forgotten, List<OutboxReceipt> receipts) {}

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
                .thenApply(
                        reply ->
                                new Result(
                                        reply.number(),
                                        forgotten(reply.array()),
                                        decoder.receipts(shard, reply)));
    }

    private Map<DeviceKey, String> forgotten(Reply reply) {
        Map<DeviceKey, String> forgotten = new HashMap<>();
        while (reply.hasNext()) {
            String device = reply.text();
            String record = reply.text();
            try {
                forgotten.put(DeviceKey.parse(device), record);
            } catch (InvalidInputException e) {
                decoder.corrupt(MailboxError.CORRUPT_MEMBERSHIP, e);
            }
        }
        return forgotten;
    }
}
