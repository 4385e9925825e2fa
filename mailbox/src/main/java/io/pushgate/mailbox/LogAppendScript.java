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

    private final ShardScripts scripts;
    private final byte[] cap;
    private final byte[] retention;

    LogAppendScript(ShardScripts scripts, MailboxConfig.LogConfig config) {
        this.scripts = scripts;
        this.cap = Bytes.of(config.cap());
        this.retention = Bytes.of(config.retention().toMillis());
    }

    /**
     * @param via the connection for the offers of each of their shards
     */
    CompletionStage<List<LogResult>> run(
            List<LogOffer> offers, Map<Integer, RedisClusterAsyncCommands<byte[], byte[]>> via) {
        return new ShardBatches<LogOffer, LogResult>(
                        offer -> scripts.shards().of(offer.log()),
                        offer -> offer.message().payload().length + OVERHEAD_BYTES,
                        scripts::together,
                        (shards, some) ->
                                call(Objects.requireNonNull(via.get(shards[0])), shards, some))
                .run(offers);
    }

    private CompletionStage<List<LogResult>> call(
            RedisClusterAsyncCommands<byte[], byte[]> via, int[] shards, List<LogOffer> offers) {
        List<byte[]> args = new ArrayList<>(2 + 8 * offers.size());
        args.add(cap);
        args.add(retention);
        for (LogOffer offer : offers) {
            Message message = offer.message();
            args.add(Bytes.of(offer.log().toString()));
            args.add(Bytes.of(message.id()));
            args.add(Bytes.of(offer.origin()));
            args.add(Bytes.of(String.join(",", offer.platforms())));
            args.add(Bytes.of(message.acceptedAt()));
            args.add(Bytes.of(message.expiresAt()));
            args.add(Bytes.of(StoredMessage.flags(offer)));
            args.add(message.payload());
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
