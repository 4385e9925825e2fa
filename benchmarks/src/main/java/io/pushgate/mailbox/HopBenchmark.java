package io.pushgate.mailbox;

import com.sun.management.OperatingSystemMXBean;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.pushgate.benchmarks.Means;
import io.pushgate.testkit.TestRedis;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What the last hop to an access node costs by the size of what it carries: batches of 64 messages
 * are published through a real Redis and received again, one after the other. {@link Means} lists
 * the CPU time of Redis and of both its clients, per message.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseParallelGC", "-XX:+UseCompactObjectHeaders", "-Xmx512m"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 2)
public class HopBenchmark {
    private static final int BATCH = 64;

    private static final byte[] CHANNEL = Bytes.of("node:access-1");

    @Param({"200", "600", "1000", "4000"})
    public int messageBytes = 600;

    private final Semaphore received = new Semaphore(0);
    private byte[] batch = {};
    private @Nullable TestRedis redis;
    private @Nullable RedisClient client;
    private @Nullable StatefulRedisPubSubConnection<byte[], byte[]> publisher;
    private long begun;
    private long batches;

    /** Subscribes. */
    @Setup
    public void open() {
        batch = new byte[messageBytes * BATCH];
        new Random(1).nextBytes(batch);
        TestRedis started = TestRedis.start();
        redis = started;
        RedisClient opened = RedisClient.create(RedisURI.create(started.uri()));
        client = opened;
        StatefulRedisPubSubConnection<byte[], byte[]> subscriber =
                opened.connectPubSub(ByteArrayCodec.INSTANCE);
        subscriber.addListener(
                new RedisPubSubAdapter<>() {
                    @Override
                    public void message(byte[] channel, byte[] message) {
                        received.release();
                    }
                });
        subscriber.sync().subscribe(CHANNEL);
        publisher = opened.connectPubSub(ByteArrayCodec.INSTANCE);
    }

    @TearDown
    public void close() {
        if (client != null) {
            client.shutdown();
        }
        if (redis != null) {
            redis.close();
        }
    }

    /** One batch there and back: how many have got it. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long hop() throws InterruptedException {
        long subscribers = Objects.requireNonNull(publisher).sync().publish(CHANNEL, batch);
        received.acquire();
        batches++;
        return subscribers;
    }

    @Setup(Level.Iteration)
    public void begin() {
        batches = 0;
        begun = cpuNanos();
    }

    /** Has the CPU time stand beside the times. */
    @TearDown(Level.Iteration)
    public void end() {
        double spent = cpuNanos() - begun;
        Means.add("cpu.message", "ns", spent, (double) batches * BATCH);
    }

    private static long cpuNanos() {
        OperatingSystemMXBean own =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return own.getProcessCpuTime()
                + ProcessHandle.current()
                        .descendants()
                        .map(process -> process.info().totalCpuDuration())
                        .flatMap(Optional::stream)
                        .mapToLong(Duration::toNanos)
                        .sum();
    }
}
