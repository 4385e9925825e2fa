package io.pushgate.mailbox;

import io.pushgate.runtime.redis.LuaScript;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code ack.lua}: what devices have processed leaves their inboxes. */
final class AckScript {
    private static final LuaScript SCRIPT = ShardScripts.load("ack.lua");
    private static final int ACK_BYTES = 256;

    private final ShardScripts scripts;
    private final Decoder decoder;
    private final ShardBatches<Ack, AckResult> batches;

    AckScript(ShardScripts scripts, Decoder decoder) {
        this.scripts = scripts;
        this.decoder = decoder;
        this.batches =
                new ShardBatches<>(
                        ack -> scripts.shards().of(ack.device()),
                        _ -> ACK_BYTES,
                        scripts::together,
                        this::call);
    }

    CompletionStage<List<AckResult>> run(List<Ack> acks) {
        return batches.run(acks);
    }

    private CompletionStage<List<AckResult>> call(int[] shards, List<Ack> acks) {
        List<byte[]> args = new ArrayList<>(4 * acks.size());
        for (Ack ack : acks) {
            args.add(Bytes.of(ack.device().toString()));
            args.add(Bytes.of(ack.route().node()));
            args.add(Bytes.of(ack.route().session()));
            args.add(Bytes.of(ack.upTo().toString()));
        }
        return scripts.run(SCRIPT, shards, args).thenApply(reply -> read(shards, acks, reply));
    }

    private List<AckResult> read(int[] shards, List<Ack> acks, Reply reply) {
        List<AckResult> results = new ArrayList<>(acks.size());
        for (int i = 0; i < shards.length; i++) {
            Reply one = reply.array();
            results.add(
                    new AckResult(
                            acks.get(i).device(),
                            (int) one.number(),
                            one.flag(),
                            decoder.receipts(shards[i], one)));
        }
        return results;
    }
}
