package io.pushgate.runtime.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One server; Lettuce reconnects to it for ever, and asks each time who has its name now, so a
 * failover by DNS is followed too.
 */
record SingleBackend(
        RedisURI uri, ServerFacts facts, StatefulRedisConnection<byte[], byte[]> connection)
        implements RedisBackend {
    @Override
    public RedisClusterAsyncCommands<byte[], byte[]> commands() {
        return connection.async();
    }

    @Override
    public RedisURI nodeOf(byte[] key) {
        return uri;
    }

    @Override
    public List<RedisURI> primaries() {
        return List.of(uri);
    }

    @Override
    public CompletionStage<Void> refreshTopology() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Set<String>> ping() {
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
    }
}
