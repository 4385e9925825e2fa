package io.pushgate.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

class OffsetWatermarkTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());

    private final OffsetWatermark watermark = new OffsetWatermark();

    @Test
    void passesOnlyWhatIsComplete() {
        assertThat(watermark.position()).isEqualTo(OffsetWatermark.NONE);
        watermark.add(5);
        watermark.add(6);
        watermark.add(9);
        assertThat(watermark.position()).isEqualTo(5);

        assertThat(watermark.complete(6)).isTrue();
        assertThat(watermark.position()).isEqualTo(5);
        assertThat(watermark.complete(5)).isTrue();
        assertThat(watermark.position()).isEqualTo(9);
        assertThat(watermark.complete(9)).isTrue();
        assertThat(watermark.position()).isEqualTo(10);
    }

    @Test
    void aSecondCompletionOrAnUnknownOneIsNoNews() {
        watermark.add(1);
        assertThat(watermark.complete(1)).isTrue();
        assertThat(watermark.complete(1)).isFalse();
        assertThat(watermark.complete(7)).isFalse();
        assertThat(watermark.position()).isEqualTo(2);
    }

    @Test
    void offsetsOnlyRise() {
        watermark.add(3);
        assertThatIllegalArgumentException().isThrownBy(() -> watermark.add(3));
        assertThatIllegalArgumentException().isThrownBy(() -> watermark.add(2));
    }

    /** The model: all offsets ever added, in order, with whether each is complete. */
    @Test
    void randomOrdersAgreeWithAModel() {
        Random random = new Random(SEED);
        for (int run = 0; run < 200; run++) {
            OffsetWatermark tested = new OffsetWatermark();
            NavigableMap<Long, Boolean> model = new TreeMap<>();
            List<Long> open = new ArrayList<>();
            long next = random.nextInt(1_000);
            long before = OffsetWatermark.NONE;
            for (int step = 0; step < 500; step++) {
                if (open.isEmpty() || random.nextInt(5) < 2) {
                    tested.add(next);
                    model.put(next, false);
                    open.add(next);
                    next += 1 + (random.nextInt(10) == 0 ? random.nextInt(50) : 0);
                } else {
                    long offset = open.remove(random.nextInt(open.size()));
                    model.put(offset, true);
                    assertThat(tested.complete(offset)).isTrue();
                }
                assertThat(tested.position()).as("seed %d", SEED).isEqualTo(expected(model));
                assertThat(tested.position()).as("seed %d", SEED).isGreaterThanOrEqualTo(before);
                assertThat(tested.pending()).as("seed %d", SEED).isEqualTo(open.size());
                before = tested.position();
            }
        }
    }

    private static long expected(NavigableMap<Long, Boolean> model) {
        return model.entrySet().stream()
                .filter(entry -> !entry.getValue())
                .map(java.util.Map.Entry::getKey)
                .findFirst()
                .orElseGet(() -> model.lastKey() + 1);
    }
}
