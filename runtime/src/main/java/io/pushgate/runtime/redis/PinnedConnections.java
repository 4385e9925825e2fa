package io.pushgate.runtime.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Connections for writes that must not be lost in a failover, one to each primary; see {@link
 * PinnedConnection}. Made when they are needed, closed with the {@link RedisConnection}. Any thread
 * may call.
 */
public final class PinnedConnections {
    private static final Logger log = LoggerFactory.getLogger(PinnedConnections.class);

    private final RedisConnection redis;
    private final Histories histories = new Histories();

    /** By host and port. */
    private final Map<String, CompletableFuture<PinnedConnection>> byNode =
            new ConcurrentHashMap<>();

    /** How often the newest writes may have been lost. */
    private final AtomicLong changes = new AtomicLong();

    PinnedConnections(RedisConnection redis) {
        this.redis = redis;
    }

    /**
     * The connection to the primary that serves {@code key} now.
     *
     * @return fails with a {@link HistoryChangedException}, once, where the newest writes may be
     *     gone; with a {@link RedisException} where there is no such primary at the moment
     */
    public CompletionStage<PinnedConnection> to(byte[] key) {
        RedisBackend backend = redis.reached();
        RedisURI node = backend == null ? null : backend.nodeOf(key);
        if (backend == null || node == null) {
            return CompletableFuture.failedFuture(
                    new RedisUnavailableException(redis.check().detail()));
        }
        if (!histories.isEmpty()) {
            return open(node, false);
        }
        // The first of all: whom there is now is nobody's successor.
        return CompletableFuture.allOf(
                        backend.primaries().stream()
                                .map(each -> open(each, true).exceptionally(_ -> null))
                                .toArray(CompletableFuture[]::new))
                .thenCompose(_ -> open(node, false));
    }

    /** How often it has turned out so far that the newest writes may be gone. */
    public long changes() {
        return changes.get();
    }

    /**
     * Checks that nothing has changed since {@link #changes} had this value. Of several who write
     * only one meets the failure of {@link #to}; the others are stopped by this, asked after it.
     *
     * @throws HistoryChangedException if something has
     */
    public void requireUnchangedSince(long seen) {
        if (changes.get() != seen) {
            throw new HistoryChangedException(
                    "Redis took over or started again: the newest writes may be gone");
        }
    }

    /**
     * Gives a connection up over which something failed, and has it found out who the primaries
     * are.
     */
    public void failed(PinnedConnection connection) {
        connection.close();
        RedisBackend backend = redis.reached();
        if (backend != null) {
            var _ = backend.refreshTopology();
        }
    }

    private CompletableFuture<@Nullable PinnedConnection> open(RedisURI node, boolean first) {
        String name = node.getHost() + ":" + node.getPort();
        return byNode.compute(
                        name, (_, known) -> isUsable(known) ? known : connect(node, name, first))
                .thenApply(connection -> connection);
    }

    private static boolean isUsable(@Nullable CompletableFuture<PinnedConnection> known) {
        return known != null
                && !known.isCompletedExceptionally()
                && (!known.isDone() || known.join().isOpen());
    }

    private CompletableFuture<PinnedConnection> connect(RedisURI node, String name, boolean first) {
        return redis.connectPinned(node)
                .thenCompose(
                        connection ->
                                PrimaryCheck.of(connection)
                                        .thenApply(
                                                history -> accept(connection, name, history, first))
                                        .whenComplete(
                                                (_, failure) -> {
                                                    if (failure != null) {
                                                        var _ = connection.closeAsync();
                                                    }
                                                }))
                .toCompletableFuture();
    }

    private PinnedConnection accept(
            StatefulRedisConnection<byte[], byte[]> connection,
            String name,
            String history,
            boolean first) {
        if (histories.add(history) && !first) {
            String message =
                    "Redis " + name + " took over or started again: the newest writes may be gone";
            log.warn("{}", message);
            changes.incrementAndGet();
            throw new HistoryChangedException(message);
        }
        return new PinnedConnection(connection, name, history, redis.counters());
    }
}
