package io.pushgate.benchmarks;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a benchmark measures besides its time, as means over an iteration: a profiler, so that JMH
 * lists them with the error over the iterations. Its own counters it can only add up. Any thread.
 */
public final class Means implements InternalProfiler {
    private static final Map<String, Mean> means = new TreeMap<>();

    private static final class Mean {
        private final String unit;
        private double sum;
        private double count;

        private Mean(String unit) {
            this.unit = unit;
        }
    }

    /** JMH makes it by its name. */
    public Means() {}

    /**
     * Adds to what the iteration has come to.
     *
     * @param sum in the unit
     * @param count over how many
     */
    public static void add(String name, String unit, double sum, double count) {
        synchronized (means) {
            Mean mean = means.computeIfAbsent(name, _ -> new Mean(unit));
            mean.sum += sum;
            mean.count += count;
        }
    }

    /** The mean since the iteration began; not a number if there was nothing. */
    public static double of(String name) {
        synchronized (means) {
            Mean mean = means.get(name);
            return mean == null ? Double.NaN : mean.sum / mean.count;
        }
    }

    /** Begins anew. */
    public static void clear() {
        synchronized (means) {
            means.clear();
        }
    }

    @Override
    public String getDescription() {
        return "What the benchmark measures besides its time";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        clear();
    }

    @Override
    public List<Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        synchronized (means) {
            return means.entrySet().stream().<Result<?>>map(Means::result).toList();
        }
    }

    private static Result<?> result(Map.Entry<String, Mean> entry) {
        Mean mean = entry.getValue();
        return new ScalarResult(
                entry.getKey(), mean.sum / mean.count, mean.unit, AggregationPolicy.AVG);
    }
}
