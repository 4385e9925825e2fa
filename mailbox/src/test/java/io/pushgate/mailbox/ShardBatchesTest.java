package io.pushgate.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

class ShardBatchesTest {
    private record Call(
            List<Integer> shards, List<Integer> items, CompletableFuture<List<String>> answer) {
        void succeed() {
            answer.complete(items.stream().map(i -> "r" + i).toList());
        }
    }

    private final List<Call> calls = new ArrayList<>();

    private CompletionStage<List<String>> call(int[] shards, List<Integer> items) {
        Call call =
                new Call(Arrays.stream(shards).boxed().toList(), items, new CompletableFuture<>());
        calls.add(call);
        return call.answer();
    }

    private CompletableFuture<List<String>> run(int items, int shards, int bytesEach) {
        return run(items, shards, bytesEach, false);
    }

    private CompletableFuture<List<String>> run(
            int items, int shards, int bytesEach, boolean together) {
        return new ShardBatches<Integer, String>(
                        i -> i % shards, _ -> bytesEach, () -> together, this::call)
                .run(IntStream.range(0, items).boxed().toList())
                .toCompletableFuture();
    }

    @Test
    void shardsAreCalledAtOnceAndOneShardsCallsFollowEachOther() {
        CompletableFuture<List<String>> results = run(130, 2, 1);
        assertThat(calls).extracting(c -> c.items().size()).containsExactly(64, 64);
        calls.get(0).succeed();
        assertThat(calls).hasSize(3);
        assertThat(calls.get(2).shards()).containsExactly(0);
        assertThat(calls.get(2).items()).containsExactly(128);
        calls.get(2).succeed();
        calls.get(1).succeed();
        calls.get(3).succeed();
        assertThat(results.join())
                .isEqualTo(IntStream.range(0, 130).mapToObj(i -> "r" + i).toList());
    }

    @Test
    void whereOneServerHasThemAllShardsShareACall() {
        CompletableFuture<List<String>> results = run(64, 50, 1, true);
        assertThat(calls).hasSize(1);
        assertThat(calls.getFirst().shards()).hasSize(64).startsWith(0, 1, 2).endsWith(12, 13);
        calls.getFirst().succeed();
        assertThat(results).isCompletedWithValueMatching(all -> all.size() == 64);
    }

    @Test
    void manyItemsOfAnyShardsGoInLanesThatKeepTheOrderOfAShard() {
        CompletableFuture<List<String>> results = run(1_000, 50, 1, true);
        assertThat(calls).hasSize(ShardBatches.LANES);
        for (int i = 0; i < calls.size(); i++) {
            calls.get(i).succeed();
        }
        assertThat(results.join()).hasSize(1_000);
        for (int shard = 0; shard < 50; shard++) {
            int wanted = shard;
            assertThat(calls.stream().flatMap(call -> call.items().stream()))
                    .filteredOn(item -> item % 50 == wanted)
                    .hasSize(20)
                    .isSorted();
        }
    }

    @Test
    void callsAreBoundedInBytesButAnItemAlwaysGoes() {
        assertThat(run(5, 1, 400_000)).isNotDone();
        assertThat(calls.getFirst().items()).containsExactly(0, 1);
        calls.clear();
        assertThat(run(2, 1, 5_000_000)).isNotDone();
        assertThat(calls.getFirst().items()).containsExactly(0);
    }

    @Test
    void afterAFailureNothingMoreOfThatShardIsSent() {
        CompletableFuture<List<String>> results = run(100, 1, 1);
        calls.getFirst().answer().completeExceptionally(new IllegalStateException("down"));
        assertThat(calls).hasSize(1);
        assertThat(results).isCompletedExceptionally();
    }

    @Test
    void tooFewAnswersFail() {
        CompletableFuture<List<String>> results = run(2, 1, 1);
        calls.getFirst().answer().complete(List.of("one"));
        assertThat(results).isCompletedExceptionally();
    }

    @Test
    void nothingIsDoneForAnEmptyList() {
        assertThat(run(0, 1, 1).join()).isEmpty();
        assertThat(calls).isEmpty();
    }
}
