package io.pushgate.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.benchmarks.Means;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That what is compared does the same. */
class CompressionBenchmarkTest {
    /** What is to be reached with a dictionary for orders of 3.9 KB. */
    private static final int GOAL_BYTES = 700;

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "snappy", "zstd-static", "zstd", "zstd-dictionary"})
    void whatIsCompressedComesBack(String name) {
        Compressor compressor = Compressor.of(name);
        for (byte[] order : OrderSet.measured(1_000)) {
            byte[] smaller = compressor.compress(order);
            assertThat(smaller).hasSizeLessThan(order.length);
            assertThat(compressor.decompress(smaller, order.length)).isEqualTo(order);
        }
    }

    @Test
    void ordersAreAsLargeAsTheySayAndADictionaryDoesWhatItIsFor() {
        CompressionBenchmark benchmark = new CompressionBenchmark();
        benchmark.compressor = "zstd-dictionary";
        benchmark.size = 3_900;
        benchmark.open();
        Means.clear();
        benchmark.sizes();
        assertThat(Means.of("bytes.plain")).isBetween(3_700.0, 4_000.0);
        assertThat(Means.of("bytes.compressed")).isLessThan(GOAL_BYTES);
        assertThat(benchmark.decompress()).hasSizeGreaterThan(benchmark.compress().length);
    }
}
