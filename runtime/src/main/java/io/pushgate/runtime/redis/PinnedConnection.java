package io.pushgate.runtime.redis;

import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One connection to one primary, bound to the history of data (see {@link Replication}) that the
 * primary had when it was opened. It is never made again: what was written over it went to that
 * server and nowhere else. Any thread may call; stages complete on Lettuce's threads.
 */
public final class PinnedConnection {
    private static final byte[] NOTHING = {};
    private static final Duration MARK_LIFETIME = Duration.ofMinutes(1);

    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final String node;
    private final String history;
    private final RedisCounters counters;

    PinnedConnection(
            StatefulRedisConnection<byte[], byte[]> connection,
            String node,
            String history,
            RedisCounters counters) {
        this.connection = connection;
        this.node = node;
        this.history = history;
        this.counters = counters;
    }

    /** Commands to this server; a key of another one's slot is refused. */
    public RedisClusterAsyncCommands<byte[], byte[]> commands() {
        return connection.async();
    }

    /**
     * Waits until everything that this server has written so far, by whomever, is on at least
     * {@code replicas} of its replicas, and sees that it is still the primary that it was: then a
     * failover to one of these replicas loses none of it. One round trip, in which the connection
     * does nothing else.
     *
     * <p>{@code WAIT} covers the writes of its own connection only, so {@code mark} is written
     * first: whoever has that has all that was written before it.
     *
     * @param mark a key of one of the server's slots, which is overwritten; it ends after a minute
     * @param atMost how long to wait, less than the timeout of requests
     * @return fails with a {@link ReplicationException} if that can't be said; then the writes may
     *     be lost, and have to be made again
     */
    public CompletionStage<Void> replicated(byte[] mark, int replicas, Duration atMost) {
        CompletableFuture<String> marking =
                connection
                        .async()
                        .set(mark, NOTHING, SetArgs.Builder.px(MARK_LIFETIME))
                        .toCompletableFuture();
        CompletableFuture<Long> waiting =
                connection
                        .async()
                        .waitForReplication(replicas, atMost.toMillis())
                        .toCompletableFuture();
        CompletableFuture<String> asking =
                connection.async().info("replication").toCompletableFuture();
        return CompletableFuture.allOf(marking, waiting, asking)
                .thenAccept(_ -> check(waiting.join(), replicas, Replication.parse(asking.join())));
    }

    private void check(long confirmed, int replicas, Replication now) {
        if (!now.primary() || !now.history().equals(history)) {
            counters.unreplicated.increment();
            throw new ReplicationException(
                    "Redis " + node + " is not the primary any more that it was before the write");
        }
        if (confirmed < replicas) {
            counters.unreplicated.increment();
            throw new ReplicationException(
                    "%d of %d replicas of Redis %s have the newest writes"
                            .formatted(confirmed, replicas, node));
        }
    }

    boolean isOpen() {
        return connection.isOpen();
    }

    /** What is under way on it fails, unknown whether done; idempotent. */
    public void close() {
        var _ = connection.closeAsync();
    }
}
