package io.pushgate.runtime.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The primary that Sentinels name. Lettuce asks them at each connect; so all there is to do is to
 * leave a connection whose server is no longer the one they name, which a ping finds out. A server
 * that was frozen while a replica took over would else be used until the Sentinels demote it, some
 * 10 s later.
 */
final class SentinelBackend implements RedisBackend {
    private static final Logger log = LoggerFactory.getLogger(SentinelBackend.class);

    private final RedisURI sentinels;
    private final ServerFacts facts;
    private final RedisClient client;
    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final PrimaryAddress primary;

    /** Kept between pings; made anew, to the first that answers, when it fails. */
    private final AtomicReference<
                    @Nullable CompletableFuture<StatefulRedisSentinelConnection<String, String>>>
            sentinel = new AtomicReference<>();

    SentinelBackend(
            RedisURI sentinels,
            ServerFacts facts,
            RedisClient client,
            StatefulRedisConnection<byte[], byte[]> connection,
            PrimaryAddress primary) {
        this.sentinels = sentinels;
        this.facts = facts;
        this.client = client;
        this.connection = connection;
        this.primary = primary;
    }

    @Override
    public ServerFacts facts() {
        return facts;
    }

    @Override
    public RedisClusterAsyncCommands<byte[], byte[]> commands() {
        return connection.async();
    }

    @Override
    public @Nullable RedisURI nodeOf(byte[] key) {
        return primary.node();
    }

    @Override
    public List<RedisURI> primaries() {
        RedisURI node = primary.node();
        return node == null ? List.of() : List.of(node);
    }

    /** Nothing to be done: where the connection leads is always the newest that is known. */
    @Override
    public CompletionStage<Void> refreshTopology() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Set<String>> ping() {
        askSentinel();
        return PrimaryCheck.orLeave(connection);
    }

    @Override
    public CompletionStage<List<String>> memory() {
        return connection.async().info("memory").thenApply(List::of);
    }

    @Override
    public void demoted() {
        PrimaryCheck.leave(connection);
    }

    @Override
    public void close() {
        var _ = connection.closeAsync();
        CompletableFuture<StatefulRedisSentinelConnection<String, String>> asked =
                sentinel.getAndSet(null);
        if (asked != null) {
            close(asked);
        }
    }

    /** Not waited for: while no Sentinel answers the connection stays where it is. */
    private void askSentinel() {
        CompletableFuture<StatefulRedisSentinelConnection<String, String>> asked = sentinel.get();
        if (asked == null) {
            asked = client.connectSentinelAsync(StringCodec.UTF8, sentinels);
            sentinel.set(asked);
        }
        CompletableFuture<StatefulRedisSentinelConnection<String, String>> using = asked;
        var _ =
                using.thenCompose(
                                open ->
                                        open.async()
                                                .getMasterAddrByName(
                                                        sentinels.getSentinelMasterId()))
                        .whenComplete(
                                (address, failure) -> {
                                    if (failure != null) {
                                        log.debug("no Sentinel answers: {}", failure.toString());
                                        forget(using);
                                    } else if (connection.isOpen()
                                            && address instanceof InetSocketAddress named
                                            && !primary.is(named)) {
                                        log.warn("{} is the primary of Redis now", named);
                                        demoted();
                                    }
                                });
    }

    private void forget(CompletableFuture<StatefulRedisSentinelConnection<String, String>> failed) {
        if (sentinel.compareAndSet(failed, null)) {
            close(failed);
        }
    }

    private static void close(
            CompletableFuture<StatefulRedisSentinelConnection<String, String>> asked) {
        var _ = asked.thenCompose(StatefulRedisSentinelConnection::closeAsync);
    }
}
