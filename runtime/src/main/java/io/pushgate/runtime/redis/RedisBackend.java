package io.pushgate.runtime.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletionStage;

/** A Redis that was reached once, and what differs between one server and a cluster. */
interface RedisBackend extends AutoCloseable {
    ServerFacts facts();

    RedisClusterAsyncCommands<byte[], byte[]> commands();

    /**
     * The server on which to subscribe to a channel, as known now; null while nobody serves its
     * slot.
     */
    @Nullable RedisURI nodeOf(String channel);

    /** Asks again who serves what. */
    CompletionStage<Void> refreshTopology();

    /** Completes when every server that takes writes has answered. */
    CompletionStage<Void> ping();

    @Override
    void close();
}
