package io.pushgate.mailbox;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.pushgate.runtime.redis.LuaScript;
import io.pushgate.runtime.redis.RedisConnection;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The sets of devices that audiences are. Each is spread over a few sorted sets, its <i>parts</i>,
 * by a hash of the device, and each part is ordered by name: so no key grows without limit, and a
 * page after a name is exact whoever joins or leaves meanwhile. Any thread.
 */
final class AudienceSets {
    /** Devices in one part; whoever comes to a full one is turned away and counted. */
    static final int MAX_PER_PART = 250_000;

    private static final LuaScript ADD = LuaScript.load(AudienceSets.class, "member-add.lua");

    private final RedisConnection redis;
    private final Shards shards;
    private final int maxPerPart;

    AudienceSets(RedisConnection redis, Shards shards, int maxPerPart) {
        this.redis = redis;
        this.shards = shards;
        this.maxPerPart = maxPerPart;
    }

    /** Completes with whether the device is in now; not so where its part is full. */
    CompletionStage<Boolean> add(Audience audience, String device) {
        return ADD.<Long>run(
                        redis,
                        ScriptOutputType.INTEGER,
                        new byte[][] {key(audience, device)},
                        Bytes.of(device),
                        Bytes.of(maxPerPart))
                .thenApply(in -> in == 1);
    }

    CompletionStage<?> remove(Audience audience, String device) {
        return call(commands -> commands.zrem(key(audience, device), Bytes.of(device)));
    }

    /** How many devices there are. */
    CompletionStage<Long> size(Audience audience) {
        return sizes(audience, 0)
                .thenApply(sizes -> sizes.stream().mapToLong(Long::longValue).sum());
    }

    /**
     * Reads on from a cursor: two round trips, whatever the number of parts.
     *
     * @param limit at most so many devices
     */
    CompletionStage<AudiencePage> page(Audience audience, AudienceCursor after, int limit) {
        return sizes(audience, after.part())
                .thenCompose(sizes -> page(audience, after, limit, sizes));
    }

    private CompletionStage<AudiencePage> page(
            Audience audience, AudienceCursor after, int limit, List<Long> sizes) {
        List<CompletableFuture<List<byte[]>>> reads = new ArrayList<>();
        long expected = 0;
        for (int i = 0; i < sizes.size() && expected <= limit; i++) {
            expected += sizes.get(i);
            reads.add(
                    sizes.get(i) == 0
                            ? CompletableFuture.completedFuture(List.of())
                            : read(audience, after.part() + i, i == 0 ? after.device() : "", limit)
                                    .toCompletableFuture());
        }
        boolean moreParts =
                sizes.subList(reads.size(), sizes.size()).stream().anyMatch(size -> size > 0);
        return CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new))
                .thenApply(
                        _ -> {
                            List<List<byte[]>> read =
                                    reads.stream().map(CompletableFuture::join).toList();
                            return cut(read, after, limit, moreParts);
                        });
    }

    /** One more than asked for tells that there is more. */
    private CompletionStage<List<byte[]>> read(
            Audience audience, int part, String after, int limit) {
        Range.Boundary<byte[]> from =
                after.isEmpty()
                        ? Range.Boundary.unbounded()
                        : Range.Boundary.excluding(Bytes.of(after));
        return call(
                commands ->
                        commands.zrangebylex(
                                shards.audience(audience, part),
                                Range.from(from, Range.Boundary.unbounded()),
                                Limit.create(0, limit + 1L)));
    }

    private static AudiencePage cut(
            List<List<byte[]>> parts, AudienceCursor after, int limit, boolean moreParts) {
        List<String> devices = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            for (byte[] device : parts.get(i)) {
                if (devices.size() == limit) {
                    String last = devices.getLast();
                    return new AudiencePage(devices, at(after, parts, limit, last), true);
                }
                devices.add(Bytes.text(device));
            }
        }
        AudienceCursor next = new AudienceCursor(after.part() + parts.size(), "");
        return new AudiencePage(devices, next, moreParts);
    }

    /** The part in which the page's last device, number {@code limit}, lies. */
    private static AudienceCursor at(
            AudienceCursor after, List<List<byte[]>> parts, int limit, String last) {
        int before = 0;
        int part = 0;
        while (before + parts.get(part).size() < limit) {
            before += parts.get(part).size();
            part++;
        }
        return new AudienceCursor(after.part() + part, last);
    }

    private CompletionStage<List<Long>> sizes(Audience audience, int fromPart) {
        List<CompletableFuture<Long>> sizes = new ArrayList<>();
        for (int part = fromPart; part < Shards.parts(audience); part++) {
            byte[] key = shards.audience(audience, part);
            sizes.add(call(commands -> commands.zcard(key)).toCompletableFuture());
        }
        return CompletableFuture.allOf(sizes.toArray(CompletableFuture[]::new))
                .thenApply(_ -> sizes.stream().map(CompletableFuture::join).toList());
    }

    private byte[] key(Audience audience, String device) {
        return shards.audience(audience, Shards.part(audience, device));
    }

    private <T> CompletionStage<T> call(
            Function<RedisClusterAsyncCommands<byte[], byte[]>, CompletionStage<T>> command) {
        try {
            return command.apply(redis.commands());
        } catch (RedisException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
