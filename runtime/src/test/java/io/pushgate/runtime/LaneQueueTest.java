package io.pushgate.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

class LaneQueueTest {
    @Test
    void givesTheUrgentFirstAndEachLaneInItsOrder() {
        LaneQueue<String> queue = new LaneQueue<>(3);
        queue.add(2, "c1");
        queue.add(1, "b1");
        queue.add(0, "a1");
        queue.add(1, "b2");
        queue.add(0, "a2");
        assertThat(drain(queue)).containsExactly("a1", "a2", "b1", "b2", "c1");
        assertThat(queue.poll()).isNull();
    }

    @Test
    void givesOneInEightToTheLeastUrgent() {
        LaneQueue<Integer> queue = new LaneQueue<>(3);
        for (int i = 0; i < 80; i++) {
            queue.add(0, 0);
            queue.add(2, 2);
        }
        List<Integer> first = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            first.add(queue.poll());
        }
        assertThat(first.stream().filter(lane -> lane == 2)).hasSize(10);
        assertThat(first.subList(0, 7)).containsOnly(0);
    }

    @Test
    void waitsForWhatComesLater() throws Exception {
        LaneQueue<String> queue = new LaneQueue<>(1);
        assertThat(queue.poll(1, TimeUnit.MILLISECONDS)).isNull();
        CompletableFuture<Void> adding =
                CompletableFuture.runAsync(
                        () -> queue.add(0, "late"),
                        CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS));
        assertThat(queue.poll(20, TimeUnit.SECONDS)).isEqualTo("late");
        adding.get();
    }

    private static List<String> drain(LaneQueue<String> queue) {
        List<String> all = new ArrayList<>();
        for (String next = queue.poll(); next != null; next = queue.poll()) {
            all.add(next);
        }
        return all;
    }
}
