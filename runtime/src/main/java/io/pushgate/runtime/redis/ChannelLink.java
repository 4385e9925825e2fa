package io.pushgate.runtime.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One connection for subscriptions to one server: sharded channels where the server has them,
 * classic ones elsewhere.
 */
final class ChannelLink {
    static final RedisCodec<String, byte[]> CODEC =
            RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    /** What happens on a link; called on Lettuce's thread. */
    interface Events {
        void message(String channel, byte[] message);

        /** The server ended the subscription, asked or not. */
        void ended(ChannelLink link, String channel);

        void lost(ChannelLink link);
    }

    private final StatefulRedisPubSubConnection<String, byte[]> connection;
    private final boolean sharded;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    ChannelLink(
            StatefulRedisPubSubConnection<String, byte[]> connection,
            boolean sharded,
            Events events) {
        this.connection = connection;
        this.sharded = sharded;
        connection.addListener(new Messages(events));
        connection.addListener(
                new RedisConnectionStateListener() {
                    @Override
                    public void onRedisDisconnected(RedisChannelHandler<?, ?> gone) {
                        events.lost(ChannelLink.this);
                    }
                });
    }

    boolean isOpen() {
        return !closed.get() && connection.isOpen();
    }

    /**
     * Completes when the server has confirmed it; fails where the server doesn't serve the
     * channel's slot.
     */
    CompletionStage<Void> subscribe(String channel) {
        return sharded
                ? connection.async().ssubscribe(channel)
                : connection.async().subscribe(channel);
    }

    CompletionStage<Void> unsubscribe(String channel) {
        return sharded
                ? connection.async().sunsubscribe(channel)
                : connection.async().unsubscribe(channel);
    }

    CompletionStage<String> ping() {
        return connection.async().ping();
    }

    /** Idempotent. */
    CompletableFuture<Void> close() {
        if (closed.compareAndSet(false, true)) {
            var _ = connection.closeAsync().whenComplete((done, failure) -> gone.complete(null));
        }
        return gone;
    }

    private final class Messages extends RedisPubSubAdapter<String, byte[]> {
        private final Events events;

        Messages(Events events) {
            this.events = events;
        }

        @Override
        public void message(String channel, byte[] message) {
            events.message(channel, message);
        }

        @Override
        public void smessage(String channel, byte[] message) {
            events.message(channel, message);
        }

        @Override
        public void unsubscribed(String channel, long left) {
            events.ended(ChannelLink.this, channel);
        }

        @Override
        public void sunsubscribed(String channel, long left) {
            events.ended(ChannelLink.this, channel);
        }
    }
}
