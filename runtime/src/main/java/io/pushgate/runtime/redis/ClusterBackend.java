package io.pushgate.runtime.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    public @Nullable RedisURI nodeOf(byte[] key) {
        RedisClusterNode owner = client.getPartitions().getMasterBySlot(SlotHash.getSlot(key));
        return owner == null ? null : owner.getUri();
    }

    @Override
    public List<RedisURI> primaries() {
        return withSlots().map(RedisClusterNode::getUri).toList();
    }

    @Override
    public CompletionStage<Void> refreshTopology() {
        return client.refreshPartitionsAsync();
    }

    @Override
    public CompletionStage<Set<String>> ping() {
        List<CompletableFuture<String>> asked = withSlots().map(this::history).toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .<Set<String>>thenApply(
                        _ ->
                                asked.stream()
                                        .map(CompletableFuture::join)
                                        .collect(Collectors.toUnmodifiableSet()))
                .whenComplete(
                        (_, failure) -> {
                            if (PrimaryCheck.isReplica(failure)) {
                                demoted();
                            }
                        });
    }

    @Override
    public CompletionStage<List<String>> memory() {
        List<CompletableFuture<String>> asked =
                withSlots()
                        .map(node -> to(node).thenCompose(server -> server.async().info("memory")))
                        .toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(_ -> asked.stream().map(CompletableFuture::join).toList());
    }

    @Override
    public void demoted() {
        // A demoted server redirects its clients by MOVED, so there is no connection to be left.
        var _ = refreshTopology();
    }

    @Override
    public void close() {
        var _ = connection.closeAsync();
    }

    private Stream<RedisClusterNode> withSlots() {
        return client.getPartitions().stream().filter(node -> !node.getSlots().isEmpty());
    }

    private CompletableFuture<String> history(RedisClusterNode node) {
        return to(node).thenCompose(PrimaryCheck::of);
    }

    /**
     * By address, as commands are routed; by node id it would be another connection than theirs.
     */
    private CompletableFuture<StatefulRedisConnection<byte[], byte[]>> to(RedisClusterNode node) {
        return connection.getConnectionAsync(node.getUri().getHost(), node.getUri().getPort());
    }
}
