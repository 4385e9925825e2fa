package io.pushgate.runtime.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Messages between processes by Redis pub/sub: sharded channels (SPUBLISH) where the server has
 * them, classic ones elsewhere. At most once: who isn't subscribed at the moment gets nothing, and
 * nobody is told.
 *
 * <p>A subscription is made again after a lost connection, a restart, a failover and a slot that
 * moved away. Each instance has its own connections for subscriptions, one per server that it
 * needs, and publishes over the shared one. Any thread may call.
 */
public final class RedisChannels implements AutoCloseable {
    private final RedisConnection redis;
    private final Map<String, ChannelSubscription> wanted = new ConcurrentHashMap<>();
    private final ChannelKeeper keeper;

    public RedisChannels(RedisConnection redis) {
        this.redis = redis;
        this.keeper = new ChannelKeeper(redis, wanted);
    }

    /**
     * Sends one message to whoever is subscribed now.
     *
     * @return completes when Redis has taken it; fails with a {@link RedisException}
     */
    public CompletionStage<Subscribers> publish(String channel, byte[] message) {
        return publish(redis, channel, message);
    }

    /** The same for one who never subscribes. */
    public static CompletionStage<Subscribers> publish(
            RedisConnection redis, String channel, byte[] message) {
        RedisClusterAsyncCommands<byte[], byte[]> commands = redis.commands();
        byte[] name = channel.getBytes(StandardCharsets.UTF_8);
        boolean sharded = redis.sharded();
        boolean knowsAll = sharded || !redis.cluster();
        try {
            return (sharded ? commands.spublish(name, message) : commands.publish(name, message))
                    .thenApply(counted -> Subscribers.of(counted, knowsAll));
        } catch (RedisException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Listens on a channel until the subscription is closed. Returns at once, whether Redis is
     * there or not.
     *
     * @param handler runs on Lettuce's thread and must not block; what it throws is logged and
     *     counted
     * @throws IllegalStateException if this instance listens on that channel already
     */
    public Subscription subscribe(String channel, Consumer<byte[]> handler) {
        ChannelSubscription subscription =
                new ChannelSubscription(channel, handler, this::unsubscribe);
        if (wanted.putIfAbsent(channel, subscription) != null) {
            throw new IllegalStateException("already subscribed to " + channel);
        }
        keeper.look();
        return subscription;
    }

    /** Ends all subscriptions and their connections. */
    @Override
    public void close() {
        wanted.values().forEach(ChannelSubscription::close);
        keeper.close();
    }

    private void unsubscribe(ChannelSubscription subscription) {
        if (wanted.remove(subscription.channel(), subscription)) {
            keeper.leave(subscription);
        }
    }
}
