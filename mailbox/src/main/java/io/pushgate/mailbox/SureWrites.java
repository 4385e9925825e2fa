package io.pushgate.mailbox;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.pushgate.runtime.redis.PinnedConnection;
import io.pushgate.runtime.redis.RedisConnection;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * Writes that outlive the primary that took them: each goes over the pinned connection of its
 * shard's primary, and once all are taken each of these primaries is asked to wait for its
 * replicas. If one can't, or is no longer the primary that it was, all count as failed, and the
 * caller makes them again: what was kept answers as seen before.
 *
 * <p>Without a demand on replicas the same connections are used, as they tell of a new primary
 * before anything is written to it. Any thread.
 */
final class SureWrites {
    private static final Duration MOST_WAIT = Duration.ofSeconds(1);

    /** Writes over the connection of each shard. */
    interface Write<T> {
        CompletionStage<T> over(Map<Integer, RedisClusterAsyncCommands<byte[], byte[]>> byShard);
    }

    private final RedisConnection redis;
    private final Shards shards;
    private final int replicas;
    private final Duration wait;

    SureWrites(RedisConnection redis, Shards shards, int replicas) {
        this.redis = redis;
        this.shards = shards;
        this.replicas = replicas;
        // Well below the timeout of requests, which would leave open how many there were.
        Duration half = redis.timeout().dividedBy(2);
        this.wait = half.compareTo(MOST_WAIT) < 0 ? half : MOST_WAIT;
    }

    /** How often it has turned out so far that Redis may have lost its newest writes. */
    long historyChanges() {
        return redis.pinned().changes();
    }

    /**
     * Makes the write, as {@link Mailbox#offer} describes it.
     *
     * @param items what is written
     * @param shardOf the shard that an item goes to
     * @param seenChanges as {@link Mailbox#offer(List, long)}
     */
    <I, T> CompletionStage<T> run(
            Collection<I> items, ToIntFunction<I> shardOf, Write<T> write, long seenChanges) {
        Map<Integer, CompletableFuture<PinnedConnection>> opening =
                items.stream()
                        .mapToInt(shardOf)
                        .boxed()
                        .distinct()
                        .collect(Collectors.toMap(Function.identity(), this::connection));
        return CompletableFuture.allOf(opening.values().toArray(CompletableFuture[]::new))
                .thenCompose(
                        _ -> {
                            redis.pinned().requireUnchangedSince(seenChanges);
                            Map<Integer, PinnedConnection> open = new HashMap<>();
                            opening.forEach((shard, future) -> open.put(shard, future.join()));
                            return run(write, open);
                        });
    }

    private <T> CompletionStage<T> run(Write<T> write, Map<Integer, PinnedConnection> open) {
        // One shard of each primary, the lowest so that few keys are ever marked.
        Map<PinnedConnection, Integer> primaries = new HashMap<>();
        new TreeSet<>(open.keySet())
                .forEach(shard -> primaries.putIfAbsent(connectionOf(open, shard), shard));
        return write.over(
                        open.entrySet().stream()
                                .collect(
                                        Collectors.toMap(
                                                Map.Entry::getKey, e -> e.getValue().commands())))
                .thenCompose(results -> replicated(primaries).thenApply(_ -> results))
                .whenComplete((_, failure) -> leave(primaries, failure));
    }

    private CompletionStage<Void> replicated(Map<PinnedConnection, Integer> primaries) {
        if (replicas == 0) {
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.allOf(
                primaries.entrySet().stream()
                        .map(
                                e ->
                                        e.getKey()
                                                .replicated(
                                                        shards.mark(e.getValue()), replicas, wait)
                                                .toCompletableFuture())
                        .toArray(CompletableFuture[]::new));
    }

    /** Whatever failed, perhaps it is no primary any more; so the next try looks anew. */
    private void leave(Map<PinnedConnection, Integer> primaries, @Nullable Throwable failure) {
        if (failure != null) {
            primaries.keySet().forEach(redis.pinned()::failed);
        }
    }

    private CompletableFuture<PinnedConnection> connection(int shard) {
        return redis.pinned().to(shards.sessions(shard)).toCompletableFuture();
    }

    private static PinnedConnection connectionOf(Map<Integer, PinnedConnection> open, int shard) {
        PinnedConnection connection = open.get(shard);
        if (connection == null) {
            throw new IllegalStateException("no connection for shard " + shard);
        }
        return connection;
    }
}
