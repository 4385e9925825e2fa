package io.pushgate.access;

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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What it costs to notice silent connections: 200,000 of them, 10,000 reads a second, every one
 * read each 20 s and cut after 45. One operation is one tick with the 1,000 reads that fall into
 * it, at its due time and not earlier, as Netty's timer runs by the clock; the whole goes ten times
 * as fast as in a gateway.
 *
 * <p>So the time of an operation says nothing. What counts is what {@link Means} lists: CPU of the
 * event loop for a read and for a tick, CPU of other threads for a tick, and heap per connection;
 * and {@code gc.alloc.rate.norm}, in bytes a tick.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@State(Scope.Thread)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseParallelGC", "-XX:+UseCompactObjectHeaders", "-Xmx1g"})
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 3, time = 5)
public class WheelBenchmark {
    static final int READS_PER_TICK = 1_000;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    @Param({"wheel", "netty-lazy", "netty-rearm", "agrona-lazy"})
    public String timers = "wheel";

    @Param("200000")
    public int connections = 200_000;

    private SilenceTimers measured = new WheelTimers(0, 0);
    private int[] order = {};
    private int next;
    private long nextTick;
    private long otherBefore;
    private double retained;

    static SilenceTimers timers(String name, int connections, long silenceNanos) {
        return switch (name) {
            case "wheel" -> new WheelTimers(connections, silenceNanos);
            case "netty-lazy" -> new NettyTimers(connections, silenceNanos, true);
            case "netty-rearm" -> new NettyTimers(connections, silenceNanos, false);
            case "agrona-lazy" -> new AgronaTimers(connections, silenceNanos);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Has all connect, as many in a tick as are read in one later. */
    @Setup(Level.Trial)
    public void open() {
        order = shuffled(connections);
        long before = heap();
        measured = timers(timers, connections, SilenceTimers.SILENCE_NANOS);
        nextTick = System.nanoTime() + SilenceTimers.TICK_NANOS;
        for (int i = 0; i < connections; i++) {
            measured.connect(order[i]);
            if ((i + 1) % READS_PER_TICK == 0) {
                awaitTick();
                measured.tick();
            }
        }
        retained = (double) (heap() - before) / connections;
        otherBefore = measured.otherCpuNanos();
    }

    /** Ticks that are overdue follow at once. */
    private void awaitTick() {
        while (nextTick - System.nanoTime() > 0) {
            LockSupport.parkNanos(nextTick - System.nanoTime());
        }
        nextTick += SilenceTimers.TICK_NANOS;
    }

    private static int[] shuffled(int size) {
        Random random = new Random(1);
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }

    private static long heap() {
        System.gc();
        // Netty's worker takes what is new over at its next ticks.
        LockSupport.parkNanos(10 * SilenceTimers.TICK_NANOS);
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /**
     * @throws IllegalStateException if a connection was taken for silent, as all of them are read
     */
    @TearDown(Level.Trial)
    public void close() {
        measured.close();
        if (measured.expired() > 0) {
            throw new IllegalStateException(
                    measured.expired() + " connections that are read were taken for silent");
        }
    }

    /** One tick. */
    @Benchmark
    public void tick() {
        awaitTick();
        long begin = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < READS_PER_TICK; i++) {
            measured.read(order[next]);
            next = next + 1 == order.length ? 0 : next + 1;
        }
        long read = THREADS.getCurrentThreadCpuTime();
        measured.tick();
        long ticked = THREADS.getCurrentThreadCpuTime();
        long other = measured.otherCpuNanos();
        Means.add("cpu.read", "ns", (double) (read - begin), READS_PER_TICK);
        Means.add("cpu.tick", "us/tick", (ticked - read) / 1e3, 1);
        Means.add("cpu.tick.other", "us/tick", (other - otherBefore) / 1e3, 1);
        Means.add("heap.connection", "B", retained, 1);
        otherBefore = other;
    }
}
