package io.pushgate.mailbox;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.benchmarks.Means;
import io.pushgate.embedded.EmbeddedRedisSettings;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.Target;
import io.pushgate.runtime.redis.RedisConnection;
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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * What a message costs Redis from its note to its last receipt: batches of 32 messages, each for
 * another connected device, through the real classes and a real Redis with an append-only file, one
 * call after the other. {@link Means} lists the CPU time of Redis for a message, and how many of
 * each command it runs for one. Each iteration begins with an empty Redis, in which every device
 * has registered and had one message.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Thread)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseParallelGC", "-XX:+UseCompactObjectHeaders", "-Xmx512m"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 3)
public class MessageBenchmark {
    static final int BATCH = 32;

    private static final int PAYLOAD_BYTES = 512;
    private static final int SEED = 1;

    @Param("4000")
    public int devices = 4000;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<DeviceKey> names = new ArrayList<>();
    private final List<Route> routes = new ArrayList<>();
    private byte[] payload = {};
    private @Nullable Path dir;
    private @Nullable TestRedis redis;
    private @Nullable RedisConnection connection;
    private @Nullable Mailbox mailbox;
    private @Nullable MessageIndex index;
    private @Nullable RedisLoad before;
    private long counted;
    private long messages;

    /** Starts Redis. */
    @Setup
    public void open() throws IOException {
        payload = payload();
        dir = Files.createTempDirectory("message-benchmark");
        TestRedis started =
                TestRedis.start(
                        EmbeddedRedisSettings.inMemory()
                                .withDataDir(dir)
                                // No child that shares the processor.
                                .with("--auto-aof-rewrite-percentage", "0"));
        redis = started;
        RedisConnection opened = RedisConnection.open(started.config());
        connection = opened;
        while (!opened.check().ok()) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
        mailbox = new Mailbox(opened, MailboxConfig.defaults(), registry);
        index = new MessageIndex(opened);
        for (int i = 0; i < devices; i++) {
            names.add(new DeviceKey("shop", "pos-" + i));
        }
    }

    /** Letters and digits, of which a compressor saves a part. */
    private static byte[] payload() {
        byte[] bytes = new byte[PAYLOAD_BYTES];
        Random random = new Random(SEED);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ('a' + random.nextInt(26));
        }
        bytes[0] = '"';
        bytes[bytes.length - 1] = '"';
        return bytes;
    }

    @TearDown
    public void close() throws IOException {
        if (mailbox != null) {
            mailbox.close();
        }
        if (connection != null) {
            connection.close();
        }
        if (redis != null) {
            redis.close();
        }
        if (dir != null) {
            delete(dir);
        }
    }

    private static void delete(Path dir) throws IOException {
        try (Stream<Path> all = Files.walk(dir)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Connects the devices anew. */
    @Setup(Level.Iteration)
    public void begin() {
        redis().flushAll();
        routes.clear();
        List<CompletableFuture<Registered>> registering = new ArrayList<>(devices);
        for (DeviceKey name : names) {
            registering.add(
                    mailbox()
                            .register(new Registration(name, "n1", "pos", "1.0", null, null))
                            .toCompletableFuture());
        }
        registering.forEach(one -> routes.add(one.join().route()));
        for (int i = 0; i < devices; i += BATCH) {
            message();
        }
        counted = messages;
        before = RedisLoad.of(redis());
    }

    /** A batch of messages, from the note of their targets to their last receipt. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int message() {
        List<Message> batch = new ArrayList<>(BATCH);
        List<Messages.Note> notes = new ArrayList<>(BATCH);
        List<Offer> offers = new ArrayList<>(BATCH);
        long now = System.currentTimeMillis();
        for (int i = 0; i < BATCH; i++) {
            long number = messages + i;
            DeviceKey device = names.get(at(number));
            Message message =
                    new Message(
                            "order-" + number,
                            now,
                            now + Duration.ofDays(7).toMillis(),
                            true,
                            false,
                            payload);
            batch.add(message);
            notes.add(
                    new Messages.Note(
                            device.app(),
                            message.id(),
                            new Target.Device(device.device(), Set.of()),
                            Duration.ZERO));
            Message packed = mailbox().payloads().pack(device.app(), message);
            offers.add(new Offer(device, packed, "3:" + number, Set.of(), null));
        }
        join(mailbox().messages().note(notes));
        List<OfferResult> taken = join(mailbox().offer(offers));
        join(index().receipts(receipts(batch, Receipt.Status.ACCEPTED)));
        List<Ack> acks = new ArrayList<>(BATCH);
        for (int i = 0; i < BATCH; i++) {
            OfferResult.Accepted accepted = (OfferResult.Accepted) taken.get(i);
            int at = at(messages + i);
            acks.add(new Ack(names.get(at), routes.get(at), accepted.position()));
        }
        List<OutboxReceipt> delivered =
                join(mailbox().ack(acks)).stream().flatMap(ack -> ack.receipts().stream()).toList();
        join(mailbox().confirm(delivered));
        join(index().receipts(receipts(batch, Receipt.Status.DELIVERED)));
        messages += BATCH;
        return delivered.size();
    }

    private List<Receipt> receipts(List<Message> batch, Receipt.Status status) {
        List<Receipt> receipts = new ArrayList<>(BATCH);
        for (int i = 0; i < BATCH; i++) {
            DeviceKey device = names.get(at(messages + i));
            long at = batch.get(i).acceptedAt();
            receipts.add(Receipt.of(batch.get(i).id(), device, status, at));
        }
        return receipts;
    }

    /** Has what Redis did stand beside the times. */
    @TearDown(Level.Iteration)
    public void end() {
        RedisLoad spent = RedisLoad.of(redis()).since(Objects.requireNonNull(before));
        double sent = messages - counted;
        Means.add("redis.cpu", "us", spent.cpuMicros(), sent);
        Means.add("redis.commands", "calls", (double) spent.commands(), sent);
        spent.calls().forEach((name, calls) -> Means.add("redis." + name, "calls", calls, sent));
    }

    private int at(long message) {
        return (int) (message % devices);
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private TestRedis redis() {
        return Objects.requireNonNull(redis);
    }

    private Mailbox mailbox() {
        return Objects.requireNonNull(mailbox);
    }

    private MessageIndex index() {
        return Objects.requireNonNull(index);
    }
}
