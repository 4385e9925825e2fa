package io.pushgate.loadtest;

import io.pushgate.client.Connected;
import io.pushgate.client.Disconnected;
import io.pushgate.client.PushMessage;
import io.pushgate.client.PushgateListener;
import io.pushgate.client.Terminated;

/** One device of the run: books what it gets. */
final class Device implements PushgateListener {
    /** What all devices of a run report to. */
    interface Book {
        void message(int device, String data, long nanos);

        void connected(boolean firstTime);

        void disconnected(Disconnected event);

        void terminated(Terminated event);

        void error(Throwable error);
    }

    private final int index;
    private final Book book;
    private boolean connectedBefore;

    Device(int index, Book book) {
        this.index = index;
        this.book = book;
    }

    @Override
    public void onMessage(PushMessage message) {
        book.message(index, message.data(), System.nanoTime());
    }

    @Override
    public void onConnected(Connected event) {
        book.connected(!connectedBefore);
        connectedBefore = true;
    }

    @Override
    public void onDisconnected(Disconnected event) {
        book.disconnected(event);
    }

    @Override
    public void onTerminated(Terminated event) {
        book.terminated(event);
    }

    @Override
    public void onError(Throwable error) {
        book.error(error);
    }
}
