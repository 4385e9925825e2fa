package io.pushgate.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

class DeadlineTest {
    /** Close to the overflow of the counter, which System.nanoTime may reach at any time. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 500);

    @Test
    void runsOutWithItsTicker() {
        Deadline deadline = Deadline.in(Duration.ofNanos(1_000), nanos::get);

        assertThat(deadline.remaining()).isEqualTo(Duration.ofNanos(1_000));
        nanos.addAndGet(999);
        assertThat(deadline.remainingNanos()).isEqualTo(1);
        assertThat(deadline.expired()).isFalse();
        nanos.addAndGet(1);
        assertThat(deadline.expired()).isTrue();
        nanos.addAndGet(1_000);
        assertThat(deadline.remaining()).isEqualTo(Duration.ZERO);
    }

    @Test
    void aStepTakesTheEarlierOfTwo() {
        Deadline deadline = Deadline.in(Duration.ofNanos(1_000), nanos::get);

        assertThat(deadline.orIn(Duration.ofNanos(10)).remainingNanos()).isEqualTo(10);
        assertThat(deadline.orIn(Duration.ofNanos(2_000))).isSameAs(deadline);
    }

    @Test
    void theSystemTickerRuns() {
        assertThat(Deadline.in(Duration.ofHours(1), Ticker.system()).expired()).isFalse();
        assertThat(Deadline.in(Duration.ofNanos(-1), Ticker.system()).expired()).isTrue();
    }
}
