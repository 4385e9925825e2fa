package io.pushgate.runtime.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A Redis Cluster; Lettuce follows its topology. */
record ClusterBackend(
        ServerFacts facts,
        RedisClusterClient client,
        StatefulRedisClusterConnection<byte[], byte[]> connection)
        implements RedisBackend {
    @Override
    public RedisClusterAsyncCommands<byte[], byte[]> commands() {
        return connection.async();
    }

    @Override
    public @Nullable RedisURI nodeOf(String channel) {
        RedisClusterNode owner = client.getPartitions().getMasterBySlot(SlotHash.getSlot(channel));
        return owner == null ? null : owner.getUri();
    }

    @Override
    public CompletionStage<Void> refreshTopology() {
        return client.refreshPartitionsAsync();
    }

    @Override
    public CompletionStage<Void> ping() {
        return CompletableFuture.allOf(
                client.getPartitions().stream()
                        .filter(node -> !node.getSlots().isEmpty())
                        .map(this::ping)
                        .toArray(CompletableFuture[]::new));
    }

    @Override
    public void close() {
        var _ = connection.closeAsync();
    }

    /**
     * By address, as commands are routed; by node id it would be another connection than theirs.
     */
    private CompletableFuture<Void> ping(RedisClusterNode node) {
        return connection
                .getConnectionAsync(node.getUri().getHost(), node.getUri().getPort())
                .thenCompose(server -> server.async().ping())
                .thenAccept(pong -> {});
    }
}
