package io.pushgate.delayer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

class ShardWalkTest {
    @Test
    void visitsEachWantedShardOnceAndNotTooManyAtATime() throws Exception {
        List<Integer> visited = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ShardWalk walk = new ShardWalk("test", 1000, 8)) {
            List<Integer> failed =
                    walk.walk(
                            shard -> shard % 2 == 0,
                            asked -> asked,
                            shard -> {
                                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                                visited.add(shard);
                                now.decrementAndGet();
                                if (shard == 42) {
                                    throw new ExecutionException(new RuntimeException("away"));
                                }
                            });
            assertThat(failed).containsExactly(42);
        }
        assertThat(most.get()).isBetween(1, 8);
        List<Integer> inOrder = IntStream.range(0, 500).mapToObj(i -> 2 * i).toList();
        assertThat(visited).containsExactlyInAnyOrderElementsOf(inOrder).isNotEqualTo(inOrder);
    }

    @Test
    void visitsOnlyTheBusyOnesUnlessTheyCantBeTold() throws Exception {
        List<Integer> visited = Collections.synchronizedList(new ArrayList<>());
        try (ShardWalk walk = new ShardWalk("test", 10, 8)) {
            walk.walk(shard -> shard > 4, asked -> List.of(asked.getLast()), visited::add);
            assertThat(visited).containsExactly(9);
            visited.clear();
            walk.walk(
                    shard -> shard > 4,
                    _ -> {
                        throw new ExecutionException(new RuntimeException("away"));
                    },
                    visited::add);
            assertThat(visited).containsExactlyInAnyOrder(5, 6, 7, 8, 9);
        }
    }
}
