package io.pushgate.runtime.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One server; Lettuce reconnects to it for ever. */
record SingleBackend(
        RedisURI uri,
        ServerFacts facts,
        RedisClient client,
        StatefulRedisConnection<byte[], byte[]> connection)
        implements RedisBackend {
    @Override
    public RedisClusterAsyncCommands<byte[], byte[]> commands() {
        return connection.async();
    }

    @Override
    public RedisURI nodeOf(String channel) {
        return uri;
    }

    @Override
    public CompletionStage<Void> refreshTopology() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> ping() {
        return connection.async().ping().thenAccept(pong -> {});
    }

    @Override
    public void close() {
        var _ = connection.closeAsync();
    }
}
