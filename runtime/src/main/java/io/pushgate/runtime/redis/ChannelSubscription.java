package io.pushgate.runtime.redis;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Where one subscription stands; all but the public methods belong to the thread of {@link
 * RedisChannels}.
 */
final class ChannelSubscription implements Subscription {
    private final String channel;
    private final Consumer<byte[]> handler;
    private final Consumer<ChannelSubscription> onClose;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private @Nullable ChannelLink link;
    private volatile boolean active;

    ChannelSubscription(
            String channel, Consumer<byte[]> handler, Consumer<ChannelSubscription> onClose) {
        this.channel = channel;
        this.handler = handler;
        this.onClose = onClose;
    }

    @Override
    public String channel() {
        return channel;
    }

    /** The channel as Redis knows it. */
    byte[] name() {
        return channel.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public CompletionStage<Void> ready() {
        return ready.minimalCompletionStage();
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    public void close() {
        ready.cancel(false);
        onClose.accept(this);
    }

    void handle(byte[] message) {
        handler.accept(message);
    }

    /** The link on which it was asked for or is active. */
    @Nullable ChannelLink link() {
        return link;
    }

    void asked(ChannelLink on) {
        link = on;
        active = false;
    }

    void confirmed() {
        active = true;
        ready.complete(null);
    }

    void lost() {
        link = null;
        active = false;
    }
}
