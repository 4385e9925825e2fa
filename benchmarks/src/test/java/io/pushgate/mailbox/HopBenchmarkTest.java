package io.pushgate.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.benchmarks.Means;

import org.junit.jupiter.api.Test;

class HopBenchmarkTest {
    @Test
    void aBatchComesToOneSubscriberAndCostsSomething() throws InterruptedException {
        HopBenchmark benchmark = new HopBenchmark();
        benchmark.open();
        try {
            Means.clear();
            benchmark.begin();
            for (int i = 0; i < 20; i++) {
                assertThat(benchmark.hop()).isOne();
            }
            benchmark.end();
        } finally {
            benchmark.close();
        }
        assertThat(Means.of("cpu.message")).isPositive();
    }
}
