package io.pushgate.e2e;

import io.pushgate.client.Connected;
import io.pushgate.client.Disconnected;
import io.pushgate.client.PushMessage;
import io.pushgate.client.PushgateClient;
import io.pushgate.client.PushgateClientBuilder;
import io.pushgate.client.PushgateListener;
import io.pushgate.client.Terminated;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A device that remembers what it got and what became of its connections. */
final class TestDevice implements PushgateListener, AutoCloseable {
    private final PushgateClient client;
    private final List<PushMessage> messages = new ArrayList<>();
    private final List<Disconnected> disconnects = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();
    private final List<String> recalls = new CopyOnWriteArrayList<>();
    private final List<String> resets = new CopyOnWriteArrayList<>();
    private volatile int connects;
    private volatile @Nullable Terminated terminated;

    private TestDevice(PushgateClientBuilder builder) {
        this.client = builder.listener(this).build();
    }

    static TestDevice connect(
            String url, String token, UnaryOperator<PushgateClientBuilder> settings) {
        TestDevice device =
                new TestDevice(settings.apply(PushgateClient.builder().url(url).token(token)));
        device.client.start();
        return device;
    }

    PushgateClient client() {
        return client;
    }

    boolean isConnected() {
        return client.isConnected();
    }

    /** What the app got so far, in order. */
    List<PushMessage> messages() {
        synchronized (messages) {
            return List.copyOf(messages);
        }
    }

    /** The ids of what the app got so far, in order. */
    List<String> ids() {
        return messages().stream().map(PushMessage::id).toList();
    }

    int received() {
        synchronized (messages) {
            return messages.size();
        }
    }

    /** Whether the app got the message last that has this id. */
    boolean got(String id) {
        synchronized (messages) {
            return !messages.isEmpty() && messages.getLast().id().equals(id);
        }
    }

    int connects() {
        return connects;
    }

    List<Disconnected> disconnects() {
        synchronized (disconnects) {
            return List.copyOf(disconnects);
        }
    }

    List<Throwable> errors() {
        synchronized (errors) {
            return List.copyOf(errors);
        }
    }

    @Nullable Terminated terminated() {
        return terminated;
    }

    @Override
    public void onMessage(PushMessage message) {
        synchronized (messages) {
            messages.add(message);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // Callbacks of one client never overlap.
    @Override
    public void onConnected(Connected connected) {
        connects++;
    }

    @Override
    public void onDisconnected(Disconnected disconnected) {
        synchronized (disconnects) {
            disconnects.add(disconnected);
        }
    }

    @Override
    public void onRecall(String messageId) {
        recalls.add(messageId);
    }

    /** What was taken back after the app had got it. */
    List<String> recalls() {
        return List.copyOf(recalls);
    }

    @Override
    public void onReset(String log) {
        resets.add(log);
    }

    /** The logs of which it was told that it missed something for good. */
    List<String> resets() {
        return List.copyOf(resets);
    }

    @Override
    public void onTerminated(Terminated end) {
        terminated = end;
    }

    @Override
    public void onError(Throwable error) {
        synchronized (errors) {
            errors.add(error);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
