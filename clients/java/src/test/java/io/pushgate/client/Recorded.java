package io.pushgate.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a client tells its app. */
class Recorded implements PushgateListener {
    final List<Connected> connected = new CopyOnWriteArrayList<>();
    final List<Disconnected> disconnected = new CopyOnWriteArrayList<>();
    final List<Terminated> terminated = new CopyOnWriteArrayList<>();
    final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final List<PushMessage> messages = new ArrayList<>();

    @Override
    public void onMessage(PushMessage message) throws Exception {
        synchronized (messages) {
            messages.add(message);
        }
    }

    @Override
    public void onConnected(Connected event) {
        connected.add(event);
    }

    @Override
    public void onDisconnected(Disconnected event) {
        disconnected.add(event);
    }

    @Override
    public void onTerminated(Terminated event) {
        terminated.add(event);
    }

    @Override
    public void onError(Throwable error) {
        errors.add(error);
    }

    List<PushMessage> messages() {
        synchronized (messages) {
            return List.copyOf(messages);
        }
    }

    List<String> ids() {
        return messages().stream().map(PushMessage::id).toList();
    }
}
