package io.pushgate.purger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.runtime.Backoff;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

class SureProducerTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Backoff backoff = new Backoff(Duration.ofMillis(1), Duration.ofMillis(5));

    @Test
    void sendsAgainUntilItWorksAndAcksOnce() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        AtomicInteger acks = new AtomicInteger();
        try (SureProducer producer = new SureProducer(10, backoff, registry)) {
            producer.send(
                    () ->
                            switch (tries.incrementAndGet()) {
                                case 1, 3 ->
                                        CompletableFuture.failedFuture(
                                                new IllegalStateException("away"));
                                case 2 -> throw new IllegalStateException("odd");
                                default -> CompletableFuture.completedFuture("done");
                            },
                    acks::incrementAndGet);
            await().until(() -> acks.get() == 1);
            assertThat(tries.get()).isEqualTo(4);
            assertThat(outstanding()).isZero();
        }
        assertThat(acks.get()).isEqualTo(1);
    }

    @Test
    void holdsItsCallerWhenTooMuchIsOutstanding() throws Exception {
        List<CompletableFuture<Void>> open = new ArrayList<>();
        try (SureProducer producer = new SureProducer(3, backoff, registry)) {
            Thread sender =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            for (int i = 0; i < 5; i++) {
                                                CompletableFuture<Void> one =
                                                        new CompletableFuture<>();
                                                synchronized (open) {
                                                    open.add(one);
                                                }
                                                producer.send(() -> one, () -> {});
                                            }
                                        } catch (InterruptedException e) {
                                            Thread.currentThread().interrupt();
                                        }
                                    });
            await().until(() -> sender.getState() == Thread.State.WAITING);
            assertThat(outstanding()).isEqualTo(3);
            synchronized (open) {
                open.forEach(one -> one.complete(null));
            }
            await().until(() -> !sender.isAlive() || outstanding() < 3);
            sender.interrupt();
            assertThat(sender.join(Duration.ofSeconds(5))).isTrue();
        }
    }

    private double outstanding() {
        return registry.get(PurgerMeters.UNACKNOWLEDGED.meterName()).gauge().value();
    }
}
