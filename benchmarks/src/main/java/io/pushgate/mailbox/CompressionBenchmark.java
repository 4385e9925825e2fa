package io.pushgate.mailbox;

import io.pushgate.benchmarks.Means;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Payloads of 0.3 to 3.9 KB, compressed one at a time: time, mean sizes, and as {@code
 * gc.alloc.rate.norm} what is allocated. The dictionary was trained from other orders than these.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseParallelGC", "-XX:+UseCompactObjectHeaders", "-Xmx512m"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CompressionBenchmark {
    @Param({"gzip", "snappy", "zstd-static", "zstd", "zstd-dictionary"})
    public String compressor = "zstd";

    @Param({"300", "1000", "2000", "3900"})
    public int size = 3_900;

    private Compressor measured = Compressor.of("zstd");
    private byte[][] plain = {};
    private byte[][] compressed = {};
    private int next;

    /** Makes the orders. */
    @Setup
    public void open() {
        measured = Compressor.of(compressor);
        plain = OrderSet.measured(size);
        compressed = Arrays.stream(plain).map(measured::compress).toArray(byte[][]::new);
    }

    private int next() {
        next = next + 1 == plain.length ? 0 : next + 1;
        return next;
    }

    /** Has the mean sizes stand beside the times. */
    @Setup(Level.Iteration)
    public void sizes() {
        Means.add("bytes.plain", "B", bytes(plain), plain.length);
        Means.add("bytes.compressed", "B", bytes(compressed), compressed.length);
    }

    private static double bytes(byte[][] all) {
        return Arrays.stream(all).mapToDouble(one -> one.length).sum();
    }

    /** One payload on its way into Redis. */
    @Benchmark
    public byte[] compress() {
        return measured.compress(plain[next()]);
    }

    /** One payload on its way out of Redis. */
    @Benchmark
    public byte[] decompress() {
        int order = next();
        return measured.decompress(compressed[order], plain[order].length);
    }
}
