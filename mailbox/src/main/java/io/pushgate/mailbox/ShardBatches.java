package io.pushgate.mailbox;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.ToIntFunction;

/**
 * Splits a list by shard into calls of bounded size. All shards are called at once; the calls of
 * one shard follow each other, so that what belongs to one device stays in the order of the list
 * even when a call fails: then none after it is made.
 *
 * @param <I> an item
 * @param <O> its result
 */
final class ShardBatches<I, O> {
    /**
     * Items a script works on in one call: at about 20 µs each it holds Redis for a millisecond.
     */
    static final int MAX_ITEMS = 64;

    /** Bytes of arguments in one call, unless a single item has more. */
    static final int MAX_BYTES = 1 << 20;

    /** One script call. */
    interface Call<I, O> {
        /** Completes with as many results, in the same order. */
        CompletionStage<List<O>> run(int shard, List<I> items);
    }

    private final ToIntFunction<I> shardOf;
    private final ToIntFunction<I> bytesOf;
    private final Call<I, O> call;

    ShardBatches(ToIntFunction<I> shardOf, ToIntFunction<I> bytesOf, Call<I, O> call) {
        this.shardOf = shardOf;
        this.bytesOf = bytesOf;
        this.call = call;
    }

    /** Completes with the results in the order of the items; fails if any call does. */
    CompletionStage<List<O>> run(List<I> items) {
        Map<Integer, List<Integer>> byShard = new LinkedHashMap<>();
        for (int i = 0; i < items.size(); i++) {
            byShard.computeIfAbsent(shardOf.applyAsInt(items.get(i)), _ -> new ArrayList<>())
                    .add(i);
        }
        List<@Nullable O> results = Arrays.asList(newArray(items.size()));
        List<CompletableFuture<Void>> shards = new ArrayList<>(byShard.size());
        byShard.forEach(
                (shard, indexes) ->
                        shards.add(
                                runFrom(0, shard, indexes, items, results).toCompletableFuture()));
        return CompletableFuture.allOf(shards.toArray(CompletableFuture[]::new))
                .thenApply(_ -> results.stream().map(ShardBatches::present).toList());
    }

    private CompletionStage<Void> runFrom(
            int from, int shard, List<Integer> indexes, List<I> items, List<@Nullable O> results) {
        int to = endOfCall(from, indexes, items);
        List<Integer> now = indexes.subList(from, to);
        return call.run(shard, now.stream().map(items::get).toList())
                .thenCompose(
                        answers -> {
                            if (answers.size() != now.size()) {
                                throw new IllegalStateException(
                                        answers.size() + " results for " + now.size() + " items");
                            }
                            for (int i = 0; i < now.size(); i++) {
                                results.set(now.get(i), answers.get(i));
                            }
                            return to == indexes.size()
                                    ? CompletableFuture.completedFuture(null)
                                    : runFrom(to, shard, indexes, items, results);
                        });
    }

    private int endOfCall(int from, List<Integer> indexes, List<I> items) {
        int to = from;
        long bytes = 0;
        while (to < indexes.size() && to - from < MAX_ITEMS) {
            bytes += bytesOf.applyAsInt(items.get(indexes.get(to)));
            if (to > from && bytes > MAX_BYTES) {
                break;
            }
            to++;
        }
        return to;
    }

    @SuppressWarnings("unchecked") // Each slot is written by set() with an O only.
    private static <O> @Nullable O[] newArray(int size) {
        return (O[]) new Object[size];
    }

    private static <O> O present(@Nullable O result) {
        if (result == null) {
            throw new IllegalStateException("an item without a result");
        }
        return result;
    }
}
