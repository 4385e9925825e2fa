package io.pushgate.loadtest.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushgate.loadtest.Latency;
import io.pushgate.loadtest.control.ControlMessage.Slot;
import io.pushgate.loadtest.control.Packed;
import io.pushgate.loadtest.run.RunResult.Stall;
import io.pushgate.protocol.InvalidInputException;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

import java.util.List;

class SlotStoreTest {
    private final SlotStore store = new SlotStore();

    private void add(int slot, long dueMicros, long count) throws Exception {
        Histogram due = Packed.histogram();
        due.recordValueWithCount(dueMicros, count);
        Histogram stored = Packed.histogram();
        stored.recordValueWithCount(dueMicros / 2, count);
        store.add(new Slot(slot, Packed.histogram(due), Packed.histogram(stored)));
    }

    @Test
    void mergesWhatAgentsReport() throws Exception {
        add(0, 1_000, 60);
        add(0, 2_000, 40);
        add(5, 4_000, 10);
        RunResult.Latencies latencies = store.summarize(List.of());
        assertThat(latencies.due().count()).isEqualTo(110);
        assertThat(latencies.due().p50()).isBetween(1_000L, 1_001L);
        assertThat(latencies.stored().p50()).isBetween(500L, 501L);
        assertThat(latencies.dueQuiet()).isEqualTo(latencies.due());
        assertThat(latencies.leftOut()).isZero();
        assertThat(latencies.seconds()).containsOnlyKeys(0, 1);
        assertThat(latencies.seconds())
                .extractingByKey(1)
                .extracting(Latency::count)
                .isEqualTo(10L);
    }

    @Test
    void leavesOutWhatWasDueOrInFlightDuringAStall() throws Exception {
        add(0, 1_000, 1); // From 0 to 0.25 s, delivered by 0.251.
        add(1, 900_000, 2); // Delivered by 1.4 s.
        add(4, 1_000, 4); // From 1 to 1.25 s, delivered by 1.251 s.
        add(8, 1_000, 8); // From 2 s on.
        RunResult.Latencies latencies = store.summarize(List.of(new Stall(1.3, 1.4)));
        assertThat(latencies.due().count()).isEqualTo(15);
        assertThat(latencies.dueQuiet().count()).isEqualTo(13);
        assertThat(latencies.dueQuiet().max()).isLessThan(1_100);
        assertThat(latencies.storedQuiet().count()).isEqualTo(13);
        assertThat(latencies.leftOut()).isEqualTo(2);
        assertThat(store.summarize(List.of(new Stall(2.1, 2.2))).leftOut()).isEqualTo(8);
    }

    @Test
    void theProgressLineSeesWhatIsNew() throws Exception {
        add(0, 1_000, 3);
        assertThat(store.sinceLast().count()).isEqualTo(3);
        assertThat(store.sinceLast().count()).isZero();
    }

    @Test
    void whatIsNoHistogramIsRefused() {
        assertThatThrownBy(() -> store.add(new Slot(0, "x", "y")))
                .isInstanceOf(InvalidInputException.class);
    }
}
