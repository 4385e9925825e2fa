package io.pushgate.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

class LaneGateTest {
    @Test
    void theUrgentNeverWait() throws Exception {
        LaneGate gate = new LaneGate(3, TimeUnit.HOURS.toMillis(1));
        try (LaneGate.Pass _ = gate.enter(2);
                LaneGate.Pass _ = gate.enter(0)) {
            // Would not return within the hour.
            entered(gate, 0).close();
        }
    }

    @Test
    void othersWaitUntilTheUrgentAreThrough() throws Exception {
        LaneGate gate = new LaneGate(3, TimeUnit.HOURS.toMillis(1));
        CompletableFuture<LaneGate.Pass> bulk;
        try (LaneGate.Pass _ = gate.enter(0)) {
            bulk = CompletableFuture.supplyAsync(() -> entered(gate, 2));
            assertThat(bulk).isNotDone();
        }
        bulk.get(20, TimeUnit.SECONDS).close();
    }

    @Test
    void nobodyWaitsForLong() throws Exception {
        LaneGate gate = new LaneGate(2, 10);
        long begun = System.nanoTime();
        try (LaneGate.Pass _ = gate.enter(0);
                LaneGate.Pass _ = gate.enter(1)) {
            assertThat(System.nanoTime() - begun)
                    .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private static LaneGate.Pass entered(LaneGate gate, int lane) {
        try {
            return gate.enter(lane);
        } catch (InterruptedException e) {
            throw new CompletionException(e);
        }
    }
}
