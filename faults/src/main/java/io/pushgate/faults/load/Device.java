package io.pushgate.faults.load;

import io.pushgate.client.AckMode;
import io.pushgate.client.Connected;
import io.pushgate.client.Disconnected;
import io.pushgate.client.MessageStore;
import io.pushgate.client.PushMessage;
import io.pushgate.client.PushgateClient;
import io.pushgate.client.PushgateClientBuilder;
import io.pushgate.client.PushgateListener;
import io.pushgate.client.Terminated;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One device and its app: a client with a store that outlives it, as the store of a phone outlives
 * the app's process. Any thread.
 */
final class Device implements PushgateListener {
    /** What devices have in common. */
    interface Home {
        PushgateClientBuilder builder();

        void delivered(int device, PushMessage message, String node);

        void connected(int device, String session);

        void disconnected(int device, Disconnected event);

        /** The gateway told it not to come back by itself. */
        void terminated(int device, Terminated event);
    }

    private final int index;
    private final Home home;
    private final List<URI> urls;
    private final Supplier<String> token;
    private final MessageStore store = MessageStore.inMemory();
    private volatile String node = "";
    private volatile boolean mute;
    private @Nullable PushgateClient client;
    private CompletableFuture<Void> stopped = CompletableFuture.completedFuture(null);

    Device(int index, Home home, List<URI> urls, Supplier<String> token) {
        this.index = index;
        this.home = home;
        List<URI> own = new ArrayList<>(urls);
        Collections.rotate(own, index);
        this.urls = own;
        this.token = token;
    }

    /** The access node that holds it; empty while there is none. */
    String node() {
        return node;
    }

    boolean isConnected() {
        return !node.isEmpty();
    }

    /** Starts the app; does nothing where it runs. */
    synchronized void start() {
        if (client == null) {
            client =
                    home.builder()
                            .urls(urls)
                            .tokenSupplier(token)
                            .store(store)
                            .ackMode(mute ? AckMode.MANUAL : AckMode.AUTO)
                            .listener(this)
                            .start();
        }
    }

    /** Ends the app in good order; complete when nothing of it is left. */
    synchronized CompletableFuture<Void> stop() {
        PushgateClient running = client;
        if (running != null) {
            client = null;
            stopped = running.closeAsync();
        }
        return stopped;
    }

    /** Ends the app and starts it again a while later. */
    void restart(long offlineMillis) {
        var _ =
                stop().thenRunAsync(
                                this::start,
                                CompletableFuture.delayedExecutor(
                                        offlineMillis, TimeUnit.MILLISECONDS));
    }

    /** From the next start on the app takes messages without a word: none is processed or acked. */
    void mute(boolean on) {
        mute = on;
    }

    @Override
    public void onMessage(PushMessage message) {
        if (!mute) {
            home.delivered(index, message, node);
        }
    }

    @Override
    public void onConnected(Connected connected) {
        String session = connected.session();
        node = session.substring(0, Math.max(0, session.lastIndexOf('-')));
        home.connected(index, session);
    }

    @Override
    public void onDisconnected(Disconnected event) {
        node = "";
        home.disconnected(index, event);
    }

    @Override
    public void onTerminated(Terminated event) {
        home.terminated(index, event);
    }
}
