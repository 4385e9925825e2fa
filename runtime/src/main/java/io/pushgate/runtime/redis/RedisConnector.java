package io.pushgate.runtime.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.pushgate.runtime.config.RedisConfig;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Holds Lettuce's clients and threads, and makes the connections. */
final class RedisConnector implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RedisConnector.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final RedisConfig config;
    private final List<RedisURI> uris;
    private final ClientResources resources;
    private final RedisClient client;
    private final RedisClient bareClient;
    private @Nullable RedisClusterClient clusterClient;

    RedisConnector(RedisConfig config, List<RedisURI> uris) {
        this.config = config;
        this.uris = uris;
        this.resources = LettuceSettings.resources(config);
        this.client = RedisClient.create(resources);
        this.bareClient = RedisClient.create(resources);
        client.setOptions(LettuceSettings.single(config));
        bareClient.setOptions(LettuceSettings.withoutReconnect(config));
    }

    /** Where it connects to, for people: hosts and ports, no passwords. */
    String target() {
        return uris.stream()
                .flatMap(
                        uri ->
                                uri.getSentinels().isEmpty()
                                        ? Stream.of(uri)
                                        : uri.getSentinels().stream())
                .map(uri -> uri.getHost() + ":" + uri.getPort())
                .collect(Collectors.joining(", "));
    }

    /**
     * Asks the addresses in turn; blocks for a few seconds per address at most; one thread at a
     * time.
     *
     * @throws RedisException if none of them answers as the configuration says
     */
    RedisBackend connect() {
        RedisException last = new RedisException("no address");
        for (RedisURI uri : uris) {
            try {
                return connect(uri);
            } catch (RedisException e) {
                last = e;
            }
        }
        throw last;
    }

    /** A connection for subscriptions to one server; it is not made again when it breaks. */
    CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> connectChannels(RedisURI uri) {
        return bareClient.connectPubSubAsync(ChannelLink.CODEC, uri);
    }

    /** A connection to one server; it is not made again when it breaks. */
    CompletionStage<StatefulRedisConnection<byte[], byte[]>> connectPinned(RedisURI uri) {
        return bareClient.connectAsync(ByteArrayCodec.INSTANCE, uri);
    }

    @Override
    public void close() {
        long ms = CLOSE_TIMEOUT.toMillis();
        RedisClusterClient cluster = clusterClient;
        if (cluster != null) {
            cluster.shutdown(0, ms, TimeUnit.MILLISECONDS);
        }
        bareClient.shutdown(0, ms, TimeUnit.MILLISECONDS);
        client.shutdown(0, ms, TimeUnit.MILLISECONDS);
        resources.shutdown(0, ms, TimeUnit.MILLISECONDS).awaitUninterruptibly(ms);
    }

    private RedisBackend connect(RedisURI uri) {
        boolean bySentinel = !uri.getSentinels().isEmpty();
        PrimaryAddress primary = new PrimaryAddress(uri);
        if (bySentinel) {
            client.addListener(primary);
        }
        StatefulRedisConnection<byte[], byte[]> connection = null;
        try {
            connection = client.connect(ByteArrayCodec.INSTANCE, uri);
            ServerFacts facts = ServerFacts.parse(connection.sync().info());
            if (!bySentinel && wantsCluster(facts)) {
                return connectCluster(facts);
            }
            StatefulRedisConnection<byte[], byte[]> kept = connection;
            connection = null;
            return bySentinel
                    ? new SentinelBackend(uri, facts, client, kept, primary)
                    : new SingleBackend(uri, facts, kept);
        } catch (RedisException e) {
            client.removeListener(primary);
            throw e;
        } finally {
            if (connection != null) {
                var _ = connection.closeAsync();
            }
        }
    }

    private boolean wantsCluster(ServerFacts facts) {
        return switch (config.mode()) {
            case SINGLE -> false;
            case CLUSTER -> {
                if (!facts.cluster()) {
                    throw new RedisException(
                            "redis.mode is cluster, but the server is not in cluster mode");
                }
                yield true;
            }
            case AUTO -> {
                if (!facts.cluster() && uris.size() > 1) {
                    throw new RedisException(
                            "several redis.uri mean a cluster, but the server is not in cluster mode");
                }
                yield facts.cluster();
            }
        };
    }

    private RedisBackend connectCluster(ServerFacts facts) {
        RedisClusterClient cluster = clusterClient;
        if (cluster == null) {
            cluster = RedisClusterClient.create(resources, uris);
            cluster.setOptions(LettuceSettings.cluster(config));
            clusterClient = cluster;
        }
        cluster.refreshPartitions();
        ClusterBackend backend =
                new ClusterBackend(facts, cluster, cluster.connect(ByteArrayCodec.INSTANCE));
        awaitNodes(backend);
        return backend;
    }

    /**
     * Commands for a node that isn't connected yet are refused; so connect to all of them first, as
     * far as they are up.
     */
    private void awaitNodes(ClusterBackend backend) {
        try {
            backend.ping()
                    .toCompletableFuture()
                    .get(config.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.warn("Not every node of the Redis Cluster answers: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
