package io.pushgate.mailbox;

import io.lettuce.core.ScriptOutputType;
import io.pushgate.protocol.Receipt;
import io.pushgate.runtime.redis.LuaScript;
import io.pushgate.runtime.redis.RedisConnection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Which final receipts a webhook has been told, so that of each message and device it is told one
 * only. Kept for 48 hours: a receipt comes twice within seconds, where a producer died.
 *
 * <p>Key: <code>{m&lt;app&gt;/&lt;id&gt;}told</code>, see {@code told.lua}; at most one field a
 * device that the message was for. Any thread may call; stages complete on Lettuce's threads.
 */
public final class ToldEnds {
    private static final Duration KEEP = Duration.ofDays(2);
    private static final LuaScript TOLD = LuaScript.load(ToldEnds.class, "told.lua");

    private final RedisConnection redis;
    private final RedisReads reads;

    public ToldEnds(RedisConnection redis) {
        this.redis = redis;
        this.reads = new RedisReads(redis);
    }

    private record End(String app, String id, String device) {}

    /**
     * Those of them that were not told yet, in their order; what is not final is always new. Of two
     * for the same message and device the first one stays.
     */
    public CompletionStage<List<Receipt>> untold(List<Receipt> receipts) {
        Map<End, CompletableFuture<String>> lookups = new HashMap<>();
        for (Receipt receipt : receipts) {
            String device = receipt.device();
            if (receipt.status().isFinal() && device != null) {
                lookups.computeIfAbsent(
                        new End(receipt.app(), receipt.id(), device),
                        end -> reads.field(key(end.app, end.id), end.device).toCompletableFuture());
            }
        }
        return CompletableFuture.allOf(lookups.values().toArray(CompletableFuture[]::new))
                .thenApply(
                        _ -> {
                            Set<End> told = new HashSet<>();
                            lookups.forEach(
                                    (end, status) -> {
                                        if (!status.join().isEmpty()) {
                                            told.add(end);
                                        }
                                    });
                            return receipts.stream().filter(one -> isNew(one, told)).toList();
                        });
    }

    private static boolean isNew(Receipt receipt, Set<End> told) {
        String device = receipt.device();
        return !receipt.status().isFinal()
                || device == null
                || told.add(new End(receipt.app(), receipt.id(), device));
    }

    /** These have been told. */
    public CompletionStage<Void> told(List<Receipt> receipts) {
        Map<String, List<byte[]>> args = new HashMap<>();
        Map<String, byte[]> keys = new HashMap<>();
        for (Receipt receipt : receipts) {
            String device = receipt.device();
            if (receipt.status().isFinal() && device != null) {
                String message = receipt.app() + "/" + receipt.id();
                keys.put(message, key(receipt.app(), receipt.id()));
                List<byte[]> own =
                        args.computeIfAbsent(
                                message, _ -> new ArrayList<>(List.of(Bytes.of(KEEP.toMillis()))));
                own.add(Bytes.of(device));
                own.add(Bytes.of(receipt.status().wireName()));
            }
        }
        List<CompletableFuture<Long>> writes = new ArrayList<>();
        args.forEach(
                (message, own) ->
                        writes.add(
                                TOLD.<Long>run(
                                                redis,
                                                ScriptOutputType.INTEGER,
                                                new byte[][] {
                                                    keys.getOrDefault(message, Bytes.EMPTY)
                                                },
                                                own.toArray(byte[][]::new))
                                        .toCompletableFuture()));
        return CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new));
    }

    private static byte[] key(String app, String id) {
        return Bytes.of("{m" + app + "/" + id + "}told");
    }
}
