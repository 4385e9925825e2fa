package io.pushgate.mailbox;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;

/**
 * Splits a list into script calls of bounded size, so that what belongs to one device stays in the
 * order of the list even when a call fails: then none after it is made.
 *
 * <p>A cluster keeps shards on different servers, so there each call is for one shard. All shards
 * are called at once; the calls of one shard follow each other. One server has them all, so there a
 * call takes items of any shards, and a few dozen shards cost one call and not as many: with more
 * items than one call takes, {@value #LANES} lanes of shards are called at once, and the calls of a
 * lane follow each other.
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

    /** Chains of calls at once where any shards may share a call. */
    static final int LANES = 4;

    /** One script call. */
    interface Call<I, O> {
        /**
         * Completes with as many results, in the same order.
         *
         * @param shards the shard of each item
         */
        CompletionStage<List<O>> run(int[] shards, List<I> items);
    }

    private final ToIntFunction<I> shardOf;
    private final ToIntFunction<I> bytesOf;
    private final BooleanSupplier together;
    private final Call<I, O> call;

    /**
     * @param together whether one call may be for several shards; asked at each run
     */
    ShardBatches(
            ToIntFunction<I> shardOf,
            ToIntFunction<I> bytesOf,
            BooleanSupplier together,
            Call<I, O> call) {
        this.shardOf = shardOf;
        this.bytesOf = bytesOf;
        this.together = together;
        this.call = call;
    }

    /** Completes with the results in the order of the items; fails if any call does. */
    CompletionStage<List<O>> run(List<I> items) {
        int[] shards = items.stream().mapToInt(shardOf).toArray();
        int lanes =
                !together.getAsBoolean() ? Integer.MAX_VALUE : items.size() > MAX_ITEMS ? LANES : 1;
        Map<Integer, List<Integer>> byLane = new LinkedHashMap<>();
        for (int i = 0; i < shards.length; i++) {
            byLane.computeIfAbsent(shards[i] % lanes, _ -> new ArrayList<>()).add(i);
        }
        List<@Nullable O> results = Arrays.asList(newArray(items.size()));
        List<CompletableFuture<Void>> done = new ArrayList<>(byLane.size());
        for (List<Integer> indexes : byLane.values()) {
            done.add(runFrom(0, indexes, shards, items, results).toCompletableFuture());
        }
        return CompletableFuture.allOf(done.toArray(CompletableFuture[]::new))
                .thenApply(_ -> results.stream().map(ShardBatches::present).toList());
    }

    private CompletionStage<Void> runFrom(
            int from,
            List<Integer> indexes,
            int[] shards,
            List<I> items,
            List<@Nullable O> results) {
        int to = endOfCall(from, indexes, items);
        List<Integer> now = indexes.subList(from, to);
        return call.run(
                        now.stream().mapToInt(index -> shards[index]).toArray(),
                        now.stream().map(items::get).toList())
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
                                    : runFrom(to, indexes, shards, items, results);
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
