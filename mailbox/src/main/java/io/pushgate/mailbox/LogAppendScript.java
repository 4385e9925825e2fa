package io.pushgate.mailbox;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.pushgate.protocol.Message;
import io.pushgate.runtime.redis.LuaScript;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** {@code log-append.lua}: messages into the broadcast logs of one shard. */
final class LogAppendScript {
    private static final LuaScript SCRIPT = ShardScripts.load("log-append.lua");
    private static final int OVERHEAD_BYTES = 512;

    private record Encoded(LogOffer offer, PayloadCodec.Stored payload) {
        int bytes() {
            return payload.bytes().length + OVERHEAD_BYTES;
        }
    }

    private final ShardScripts scripts;
    private final Payloads payloads;
    private final byte[] cap;
    private final byte[] retention;

    LogAppendScript(ShardScripts scripts, Payloads payloads, MailboxConfig.LogConfig config) {
        this.scripts = scripts;
        this.payloads = payloads;
        this.cap = Bytes.of(config.cap());
        this.retention = Bytes.of(config.retention().toMillis());
    }

    /**
     * @param via the connection for the offers of each of their shards
     */
    CompletionStage<List<LogResult>> run(
            List<LogOffer> offers, Map<Integer, RedisClusterAsyncCommands<byte[], byte[]>> via) {
        return new ShardBatches<Encoded, LogResult>(
                        encoded -> scripts.shards().of(encoded.offer().log()),
                        Encoded::bytes,
                        scripts::together,
                        (shards, encoded) ->
                                call(Objects.requireNonNull(via.get(shards[0])), shards, encoded))
                .run(offers.stream().map(this::encode).toList());
    }

    private Encoded encode(LogOffer offer) {
        return new Encoded(offer, payloads.encode(offer.log().app(), offer.message().payload()));
    }

    private CompletionStage<List<LogResult>> call(
            RedisClusterAsyncCommands<byte[], byte[]> via, int[] shards, List<Encoded> offers) {
        List<byte[]> args = new ArrayList<>(2 + 8 * offers.size());
        args.add(cap);
        args.add(retention);
        for (Encoded encoded : offers) {
            LogOffer offer = encoded.offer();
            Message message = offer.message();
            args.add(Bytes.of(offer.log().toString()));
            args.add(Bytes.of(message.id()));
            args.add(Bytes.of(offer.origin()));
            args.add(Bytes.of(String.join(",", offer.platforms())));
            args.add(Bytes.of(message.acceptedAt()));
            args.add(Bytes.of(message.expiresAt()));
            args.add(Bytes.of(StoredMessage.flags(offer, encoded.payload().compressed())));
            args.add(encoded.payload().bytes());
        }
        return scripts.run(via, SCRIPT, shards, args).thenApply(LogAppendScript::read);
    }

    private static List<LogResult> read(Reply reply) {
        List<LogResult> results = new ArrayList<>();
        while (reply.hasNext()) {
            Reply one = reply.array();
            String kind = one.text();
            results.add(
                    switch (kind) {
                        case "A" ->
                                new LogResult.Accepted(
                                        Decoder.position(one.text()), Decoder.position(one.text()));
                        case "D" ->
                                new LogResult.Duplicate(Decoder.position(one.text()), one.flag());
                        case "R" -> new LogResult.Recalled(one.flag());
                        default ->
                                throw new IllegalStateException("log-append.lua returned " + kind);
                    });
        }
        return results;
    }
}
