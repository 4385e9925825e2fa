package io.pushgate.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.benchmarks.Means;

import org.junit.jupiter.api.Test;

import java.io.IOException;

class MessageBenchmarkTest {
    @Test
    void everyMessageIsReceiptedAndCostsSomething() throws IOException {
        MessageBenchmark benchmark = new MessageBenchmark();
        benchmark.devices = 64;
        benchmark.open();
        try {
            Means.clear();
            benchmark.begin();
            for (int i = 0; i < 4; i++) {
                assertThat(benchmark.message()).isEqualTo(MessageBenchmark.BATCH);
            }
            benchmark.end();
        } finally {
            benchmark.close();
        }
        assertThat(Means.of("redis.cpu")).isPositive();
        // 23.3, and 3 more for the first message of a day if midnight comes between.
        assertThat(Means.of("redis.commands")).isBetween(20.0, 27.0);
        // One script call for a batch each: note, offer, two to the index, ack, confirm.
        assertThat(Means.of("redis.evalsha")).isEqualTo(6.0 / MessageBenchmark.BATCH);
    }
}
