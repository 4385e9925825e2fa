package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Route;
import io.pushgate.runtime.redis.LuaScript;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code claim.lua}: the overdue devices of a shard, each to one caller. */
final class ClaimScript {
    /** Devices in one call. */
    static final int MAX_LIMIT = 256;

    private static final LuaScript SCRIPT = ShardScripts.load("claim.lua");

    private final ShardScripts scripts;
    private final Decoder decoder;

    ClaimScript(ShardScripts scripts, Decoder decoder) {
        this.scripts = scripts;
        this.decoder = decoder;
    }

    /**
     * @param limit from 1 to {@link #MAX_LIMIT}, brought into this range
     */
    CompletionStage<List<Claim>> run(int shard, int limit) {
        List<byte[]> args = List.of(Bytes.of(Math.clamp(limit, 1, MAX_LIMIT)));
        return scripts.run(SCRIPT, shard, args).thenApply(reply -> read(shard, reply));
    }

    private List<Claim> read(int shard, Reply reply) {
        List<Claim> claims = new ArrayList<>();
        while (reply.hasNext()) {
            Reply one = reply.array();
            try {
                claims.add(readOne(shard, one));
            } catch (InvalidInputException e) {
                decoder.corrupt(MailboxError.CORRUPT_SESSION, e);
            }
        }
        return claims;
    }

    private Claim readOne(int shard, Reply reply) throws InvalidInputException {
        String kind = reply.text();
        DeviceKey device = DeviceKey.parse(reply.text());
        return switch (kind) {
            case "R" -> new Claim.Retry(device, route(reply), (int) reply.number());
            case "X" -> new Claim.Exhausted(device, route(reply), decoder.receipts(shard, reply));
            case "O" -> new Claim.Orphan(device);
            default -> throw new IllegalStateException("claim.lua returned " + kind);
        };
    }

    private static Route route(Reply reply) throws InvalidInputException {
        return StoredSession.parse(reply.text()).route();
    }
}
