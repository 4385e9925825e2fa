package io.pushgate.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

class CallbacksTest {
    private static void never() {
        throw new AssertionError("must not be called");
    }

    @Test
    void runInPlaceWithoutAnExecutor() {
        Callbacks callbacks = new Callbacks(null, CallbacksTest::never);
        List<Integer> ran = new ArrayList<>();
        callbacks.execute(
                () -> {
                    ran.add(1);
                    callbacks.execute(() -> ran.add(2));
                    assertThat(callbacks.isRunningHere()).isTrue();
                });
        assertThat(ran).containsExactly(1, 2);
        assertThat(callbacks.isRunningHere()).isFalse();
    }

    @Test
    void runOneAtATimeInOrderOnAPool() throws InterruptedException {
        int count = 10_000;
        AtomicInteger running = new AtomicInteger();
        List<Integer> ran = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(count);
        try (var pool = Executors.newFixedThreadPool(4)) {
            Callbacks callbacks = new Callbacks(pool, CallbacksTest::never);
            for (int i = 0; i < count; i++) {
                int number = i;
                callbacks.execute(
                        () -> {
                            assertThat(running.incrementAndGet()).isEqualTo(1);
                            ran.add(number);
                            running.decrementAndGet();
                            done.countDown();
                        });
            }
            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(ran).hasSize(count).isSorted();
    }

    @Test
    void tellOnceWhenTheExecutorTakesNoMore() {
        AtomicInteger told = new AtomicInteger();
        Executor closed =
                _ -> {
                    throw new RejectedExecutionException();
                };
        Callbacks callbacks = new Callbacks(closed, told::incrementAndGet);
        callbacks.execute(CallbacksTest::never);
        callbacks.execute(CallbacksTest::never);
        assertThat(told).hasValue(1);
        assertThat(callbacks.isRejected()).isTrue();
    }

    @Test
    void submitAgainAfterTheQueueRanEmpty() {
        Deque<Runnable> submitted = new ArrayDeque<>();
        List<Integer> ran = new ArrayList<>();
        Callbacks callbacks = new Callbacks(submitted::add, CallbacksTest::never);
        callbacks.execute(() -> ran.add(1));
        callbacks.execute(() -> ran.add(2));
        assertThat(submitted).hasSize(1);
        submitted.remove().run();
        callbacks.execute(() -> ran.add(3));
        submitted.remove().run();
        assertThat(ran).containsExactly(1, 2, 3);
    }
}
