package io.pushgate.mailbox;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Message;
import io.pushgate.runtime.redis.LuaScript;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** {@code offer.lua}: messages into inboxes. */
final class OfferScript {
    private static final LuaScript SCRIPT = ShardScripts.load("offer.lua");

    /** What an offer takes besides its payload, about. */
    private static final int OVERHEAD_BYTES = 256;

    private final ShardScripts scripts;
    private final Decoder decoder;
    private final byte[] cap;

    OfferScript(ShardScripts scripts, Decoder decoder, int cap) {
        this.scripts = scripts;
        this.decoder = decoder;
        this.cap = Bytes.of(cap);
    }

    /**
     * @param via the connection for the offers of each of their shards
     */
    CompletionStage<List<OfferResult>> run(
            List<Offer> offers, Map<Integer, RedisClusterAsyncCommands<byte[], byte[]>> via) {
        return new ShardBatches<Offer, OfferResult>(
                        offer -> scripts.shards().of(offer.device()),
                        offer -> offer.message().payload().length + OVERHEAD_BYTES,
                        scripts::together,
                        (shards, some) ->
                                call(Objects.requireNonNull(via.get(shards[0])), shards, some))
                .run(offers);
    }

    private CompletionStage<List<OfferResult>> call(
            RedisClusterAsyncCommands<byte[], byte[]> via, int[] shards, List<Offer> offers) {
        List<byte[]> args = new ArrayList<>(1 + 9 * offers.size());
        args.add(cap);
        for (Offer offer : offers) {
            add(args, offer);
        }
        return scripts.run(via, SCRIPT, shards, args).thenApply(reply -> read(shards, reply));
    }

    private static void add(List<byte[]> args, Offer offer) {
        DeviceKey device = offer.device();
        Message message = offer.message();
        String collapse = offer.collapse();
        args.add(Bytes.of(device.toString()));
        args.add(Bytes.of(message.id()));
        args.add(Bytes.of(offer.origin()));
        args.add(Bytes.of(String.join(",", offer.platforms())));
        args.add(collapse == null ? Bytes.EMPTY : Bytes.of(collapse));
        args.add(Bytes.of(message.acceptedAt()));
        args.add(Bytes.of(message.expiresAt()));
        args.add(Bytes.of(StoredMessage.flags(offer)));
        args.add(message.payload());
    }

    private List<OfferResult> read(int[] shards, Reply reply) {
        List<OfferResult> results = new ArrayList<>();
        while (reply.hasNext()) {
            results.add(readOne(shards[results.size()], reply.array()));
        }
        return results;
    }

    private OfferResult readOne(int shard, Reply reply) {
        String kind = reply.text();
        return switch (kind) {
            case "A" ->
                    new OfferResult.Accepted(
                            Decoder.position(reply.text()),
                            Decoder.position(reply.text()),
                            decoder.route(reply.text()),
                            decoder.receipts(shard, reply));
            case "D" ->
                    new OfferResult.Duplicate(
                            Decoder.position(reply.text()),
                            decoder.route(reply.text()),
                            reply.flag(),
                            reply.flag());
            case "P" -> new OfferResult.WrongPlatform();
            case "R" -> new OfferResult.Recalled(reply.flag(), decoder.receipts(shard, reply));
            default -> throw new IllegalStateException("offer.lua returned " + kind);
        };
    }
}
