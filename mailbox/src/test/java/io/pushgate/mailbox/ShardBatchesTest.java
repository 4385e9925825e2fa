package io.pushgate.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

class ShardBatchesTest {
    private record Call(int shard, List<Integer> items, CompletableFuture<List<String>> answer) {
        void succeed() {
            answer.complete(items.stream().map(i -> "r" + i).toList());
        }
    }

    private final List<Call> calls = new ArrayList<>();

    private CompletionStage<List<String>> call(int shard, List<Integer> items) {
        Call call = new Call(shard, items, new CompletableFuture<>());
        calls.add(call);
        return call.answer();
    }

    private CompletableFuture<List<String>> run(int items, int shards, int bytesEach) {
        return new ShardBatches<Integer, String>(i -> i % shards, _ -> bytesEach, this::call)
                .run(IntStream.range(0, items).boxed().toList())
                .toCompletableFuture();
    }

    @Test
    void shardsAreCalledAtOnceAndOneShardsCallsFollowEachOther() {
        CompletableFuture<List<String>> results = run(130, 2, 1);
        assertThat(calls).extracting(c -> c.items().size()).containsExactly(64, 64);
        calls.get(0).succeed();
        assertThat(calls).hasSize(3);
        assertThat(calls.get(2).shard()).isZero();
        assertThat(calls.get(2).items()).containsExactly(128);
        calls.get(2).succeed();
        calls.get(1).succeed();
        calls.get(3).succeed();
        assertThat(results.join())
                .isEqualTo(IntStream.range(0, 130).mapToObj(i -> "r" + i).toList());
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
