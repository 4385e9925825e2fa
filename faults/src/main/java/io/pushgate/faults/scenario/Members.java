package io.pushgate.faults.scenario;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.faults.cluster.ClusterUnderTest;
import io.pushgate.faults.cluster.Settings;
import io.pushgate.mailbox.Mailbox;
import io.pushgate.mailbox.MailboxConfig;
import io.pushgate.mailbox.Page;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Position;
import io.pushgate.runtime.config.RedisConfig;
import io.pushgate.runtime.redis.RedisConnection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/** Puts devices into groups of the cluster under test, and looks into their inboxes. */
final class Members implements AutoCloseable {
    private static final int AT_ONCE = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RedisConnection redis;
    private final Mailbox mailbox;
    private final String app;

    Members(ClusterUnderTest cluster, String app) {
        this.app = app;
        this.redis =
                RedisConnection.open(
                        new RedisConfig(cluster.redis().uri(), RedisConfig.Mode.AUTO, PATIENCE));
        MailboxConfig usual = MailboxConfig.defaults();
        this.mailbox =
                new Mailbox(
                        redis,
                        new MailboxConfig(
                                Settings.SHARDS,
                                usual.inboxCap(),
                                usual.backoff(),
                                usual.jitter(),
                                usual.compressAbove()),
                        new SimpleMeterRegistry());
    }

    /** Waits until Redis answers. */
    void connect() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!redis.check().ok() && System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Puts the first {@code count} devices into a group. */
    void join(String group, int count, IntFunction<String> names) throws InterruptedException {
        eachOf(count, i -> mailbox.groups().join(new DeviceKey(app, names.apply(i)), group));
    }

    /** How many messages wait in each of the inboxes of the first {@code count} devices. */
    List<Integer> waiting(int count, IntFunction<String> names) throws InterruptedException {
        List<Page> pages =
                eachOf(
                        count,
                        i -> mailbox.fetch(new DeviceKey(app, names.apply(i)), Position.NONE, 10));
        return pages.stream().map(page -> page.entries().size()).toList();
    }

    private static <T> List<T> eachOf(int count, IntFunction<CompletionStage<T>> call)
            throws InterruptedException {
        List<T> answers = new ArrayList<>(count);
        for (int from = 0; from < count; from += AT_ONCE) {
            List<CompletableFuture<T>> calls = new ArrayList<>(AT_ONCE);
            for (int i = from; i < Math.min(from + AT_ONCE, count); i++) {
                calls.add(call.apply(i).toCompletableFuture());
            }
            for (CompletableFuture<T> one : calls) {
                answers.add(answer(one));
            }
        }
        return answers;
    }

    private static <T> T answer(CompletableFuture<T> call) throws InterruptedException {
        try {
            return call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Redis did not answer the harness", e);
        }
    }

    @Override
    public void close() {
        redis.close();
    }
}
