package io.pushgate.runtime.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** A Redis that was reached once, and what differs between one server, Sentinels and a cluster. */
interface RedisBackend extends AutoCloseable {
    ServerFacts facts();

    RedisClusterAsyncCommands<byte[], byte[]> commands();

    /**
     * The primary that serves a key or a channel, as known now; null while nobody serves its slot.
     */
    @Nullable RedisURI nodeOf(byte[] key);

    /** All primaries, as known now. */
    List<RedisURI> primaries();

    /** Asks again who serves what. */
    CompletionStage<Void> refreshTopology();

    /**
     * Completes when every server that takes writes has answered, with the histories of their data
     * (see {@link Replication}); fails if one of them doesn't, or is no primary any more.
     */
    CompletionStage<Set<String>> ping();

    /** The answers to INFO memory of every server that takes writes; fails if one doesn't. */
    CompletionStage<List<String>> memory();

    /** A server refused a write as a replica: leaves it for the one that is the primary now. */
    void demoted();

    @Override
    void close();
}
