package io.pushgate.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.benchmarks.Means;
import io.pushgate.protocol.InvalidInputException;

import org.junit.jupiter.api.Test;

class CarryBenchmarkTest {
    @Test
    void bothWaysCarryTheSamePayloads() throws InvalidInputException {
        CarryBenchmark plain = carrying("plain");
        double plainBytes = Means.of("bytes.carried");
        CarryBenchmark compressed = carrying("compressed");
        assertThat(Means.of("bytes.carried")).isPositive().isLessThan(plainBytes / 2);
        assertThat(compressed.carry())
                .containsExactlyElementsOf(plain.carry())
                .hasSize(CarryBenchmark.BATCH)
                .allSatisfy(payload -> assertThat(payload).hasSizeGreaterThan(3_000));
    }

    private static CarryBenchmark carrying(String how) {
        CarryBenchmark benchmark = new CarryBenchmark();
        benchmark.carried = how;
        benchmark.size = 3_900;
        benchmark.open();
        Means.clear();
        benchmark.sizes();
        return benchmark;
    }
}
