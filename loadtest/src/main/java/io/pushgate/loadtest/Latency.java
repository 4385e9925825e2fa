package io.pushgate.loadtest;

import org.HdrHistogram.Histogram;

/**
 * A distribution of latencies, in microseconds.
 *
 * @param count 0 where there was nothing to measure, and then all the others are 0 too
 */
public record Latency(long count, long p50, long p99, long p999, long max) {
    public static Latency of(Histogram micros) {
        return new Latency(
                micros.getTotalCount(),
                micros.getValueAtPercentile(50),
                micros.getValueAtPercentile(99),
                micros.getValueAtPercentile(99.9),
                micros.getMaxValue());
    }
}
