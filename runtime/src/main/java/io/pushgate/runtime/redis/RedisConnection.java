package io.pushgate.runtime.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.pushgate.runtime.Health;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.config.RedisConfig;
import io.pushgate.runtime.telemetry.Meters;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * The process' connection to Redis, one server, one behind Sentinels or a cluster, shared by all
 * threads.
 *
 * <p>It is lazy about a dead server: {@link #open} returns at once and connects in the background,
 * and so it does after a loss. Meanwhile commands fail at once, or after the configured timeout
 * when they were already on their way; at most 32,768 are in flight per server. A ping each second
 * tells how it is.
 */
public final class RedisConnection implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RedisConnection.class);
    private static final Duration PING_EVERY = Duration.ofSeconds(1);
    private static final int MEMORY_EVERY_PINGS = 10;
    private static final Duration RETRY_CONNECT = Duration.ofMillis(500);
    private static final String CHECK = "redis";

    private final Duration timeout;
    private final RedisConnector connector;
    private final ScheduledExecutorService watch;
    private final RedisCounters counters = new RedisCounters();
    private final Histories histories = new Histories();
    private final ServerClock clock = new ServerClock(Ticker.system(), InstantSource.system());
    private final MemoryWatch memory = new MemoryWatch();
    private final List<Runnable> onHistoryChange = new CopyOnWriteArrayList<>();
    private final PinnedConnections pinned = new PinnedConnections(this);
    private final CompletableFuture<RedisBackend> backend = new CompletableFuture<>();
    private final RedisClusterAsyncCommands<byte[], byte[]> refusing;
    private volatile @Nullable Timer pingTime;
    private volatile Health.Check lastCheck;

    private RedisConnection(RedisConfig config, List<RedisURI> uris) {
        this.timeout = config.timeout();
        this.connector = new RedisConnector(config, uris);
        this.lastCheck =
                Health.Check.failing(CHECK, "connecting to Redis at " + connector.target());
        this.refusing = RefusingCommands.because(() -> lastCheck.detail());
        this.watch =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("redis-watch").daemon().factory());
    }

    /**
     * Starts to connect and returns.
     *
     * @throws IllegalArgumentException if the configured address is no Redis URI; one line
     */
    public static RedisConnection open(RedisConfig config) {
        RedisConnection connection = new RedisConnection(config, LettuceSettings.uris(config));
        connection.watch.execute(connection::connect);
        return connection;
    }

    /**
     * Commands over the one shared connection; ask again for each use, since what is returned
     * before the first connection refuses for ever. Futures complete on Lettuce's threads, which
     * must not be blocked.
     */
    public RedisClusterAsyncCommands<byte[], byte[]> commands() {
        RedisBackend reached = reached();
        return reached == null ? refusing : reached.commands();
    }

    /** Whether there is a cluster behind it; false as long as nobody has answered. */
    public boolean cluster() {
        RedisBackend reached = reached();
        return reached != null && reached.facts().cluster();
    }

    /** Connections for writes that must not be lost in a failover. */
    public PinnedConnections pinned() {
        return pinned;
    }

    /**
     * Has {@code action} run each time a primary turns up whose data does not continue what was
     * known: a replica that took over, or a server that started again. The newest writes may be
     * gone then: sessions, acks, timers. Noticed within a second of its first answer. It runs on a
     * thread of Lettuce and must not block.
     */
    public void onHistoryChange(Runnable action) {
        onHistoryChange.add(action);
    }

    /**
     * The time of Redis, which doesn't jump when the machine's does; read it at will, it costs no
     * round trip.
     */
    public InstantSource clock() {
        return clock;
    }

    /** How long a request may take before it counts as failed. */
    public Duration timeout() {
        return timeout;
    }

    /** How it was a second ago at most (plus the timeout of a ping); returns at once. */
    public Health.Check check() {
        return lastCheck;
    }

    /** Shows what it counts in {@code registry}; call once. */
    public void bindTo(MeterRegistry registry) {
        Meters.gauge(registry, RedisMeters.CONNECTED, () -> lastCheck.ok() ? 1 : 0);
        pingTime = Meters.latency(registry, RedisMeters.PING);
        memory.bindTo(registry);
        Meters.gauge(registry, RedisMeters.SUBSCRIPTIONS, counters.subscriptions::get);
        count(registry, RedisMeters.PING_FAILURES, counters.pingFailures);
        count(registry, RedisMeters.HISTORY_CHANGES, counters.historyChanges);
        count(registry, RedisMeters.UNREPLICATED, counters.unreplicated);
        count(registry, RedisMeters.SUBSCRIPTIONS_LOST, counters.subscriptionsLost);
        count(registry, RedisMeters.HANDLER_ERRORS, counters.handlerErrors);
    }

    /**
     * Closes connections and threads; commands under way fail. Takes a few seconds at most;
     * idempotent.
     */
    @Override
    public void close() {
        watch.shutdownNow();
        backend.cancel(false);
        connector.close();
    }

    RedisCounters counters() {
        return counters;
    }

    /** Completes at the first connection; cancelled by {@link #close()}. */
    CompletableFuture<RedisBackend> backend() {
        return backend;
    }

    CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> connectChannels(RedisURI uri) {
        return connector.connectChannels(uri);
    }

    CompletionStage<StatefulRedisConnection<byte[], byte[]>> connectPinned(RedisURI uri) {
        return connector.connectPinned(uri);
    }

    /** A server has refused a write, as it is a replica now. */
    void demoted() {
        RedisBackend reached = reached();
        if (reached != null) {
            reached.demoted();
        }
    }

    /** Whether the server has sharded channels; false as long as nobody has answered. */
    boolean sharded() {
        RedisBackend reached = reached();
        return reached != null && reached.facts().hasShardedPubSub();
    }

    @Nullable RedisBackend reached() {
        return backend.isDone() && !backend.isCompletedExceptionally() ? backend.join() : null;
    }

    private void connect() {
        try {
            RedisBackend reached = connector.connect();
            if (backend.complete(reached)) {
                log.info("Redis {} at {}", reached.facts().version(), connector.target());
                ping(reached, 0);
            } else {
                reached.close();
            }
        } catch (RedisException e) {
            failing(e);
            later(this::connect, RETRY_CONNECT);
        }
    }

    private void ping(RedisBackend reached, int number) {
        if (number % MEMORY_EVERY_PINGS == 0) {
            memory.ask(reached);
        }
        long sent = Ticker.system().nanos();
        reached.ping()
                .whenComplete(
                        (named, failure) -> {
                            if (failure == null) {
                                Timer time = pingTime;
                                if (time != null) {
                                    time.record(
                                            Ticker.system().nanos() - sent, TimeUnit.NANOSECONDS);
                                }
                                answering();
                                compare(named);
                                askTime(reached);
                            } else {
                                counters.pingFailures.increment();
                                failing(failure);
                            }
                            later(() -> ping(reached, number + 1), PING_EVERY);
                        });
    }

    private void askTime(RedisBackend reached) {
        long sent = Ticker.system().nanos();
        var _ =
                reached.commands()
                        .time()
                        .whenComplete(
                                (time, failure) -> {
                                    // Without an answer the clock goes on from the last one.
                                    if (failure == null && time.size() == 2) {
                                        clock.answered(
                                                sent,
                                                number(time.get(0)) * 1_000
                                                        + number(time.get(1)) / 1_000);
                                    }
                                });
    }

    private static long number(byte[] ascii) {
        return Long.parseLong(new String(ascii, StandardCharsets.US_ASCII));
    }

    private void compare(Set<String> named) {
        if (histories.changedBy(named)) {
            counters.historyChanges.increment();
            log.warn("Redis failed over or started again: the newest writes may be gone");
            onHistoryChange.forEach(this::runSafely);
        }
    }

    private void runSafely(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            counters.handlerErrors.increment();
            log.error("What follows a failover of Redis failed", e);
        }
    }

    private void answering() {
        if (!lastCheck.ok()) {
            log.info("Redis at {} answers", connector.target());
        }
        lastCheck = Health.Check.ok(CHECK, connector.target() + " answers");
    }

    private void failing(Throwable failure) {
        String detail =
                "no answer from Redis at " + connector.target() + ": " + rootMessage(failure);
        // Once per outage and reason, not once a second.
        if (!lastCheck.detail().equals(detail)) {
            log.warn("{}", detail);
        }
        lastCheck = Health.Check.failing(CHECK, detail);
    }

    private void later(Runnable task, Duration delay) {
        try {
            var _ = watch.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            log.debug("Redis connection is closed");
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null ? root.getClass().getSimpleName() : message;
    }

    private static void count(MeterRegistry registry, RedisMeters name, LongAdder adder) {
        FunctionCounter.builder(name.meterName(), adder, LongAdder::sum)
                .description(name.description())
                .register(registry);
    }
}
