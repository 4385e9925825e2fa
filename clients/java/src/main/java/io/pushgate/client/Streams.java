package io.pushgate.client;

import io.pushgate.protocol.Position;
import io.pushgate.protocol.ServerFrame;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * The inbox of a device and the broadcast logs that it follows: each is handed on in an order of
 * its own. On the event loop, but for {@link #stop}.
 */
final class Streams {
    /** What the streams ask of their client; as {@link Deliveries.Sink}. */
    interface Sink {
        /** Everything of the log, null for the inbox, up to here may be acked. */
        void ack(@Nullable String log, Position upTo);

        /** Messages received and not processed yet, in all streams. */
        void open(int count);

        void failed(String messageId);

        void error(Throwable error);
    }

    private final MessageStore store;
    private final PushgateListener listener;
    private final AckMode mode;
    private final Callbacks callbacks;
    private final Executor loop;
    private final Sink sink;
    private final Deliveries inbox;
    private final Map<String, Deliveries> logs = new ConcurrentHashMap<>(0);
    private int open;
    private long processed;
    private volatile boolean stopped;

    Streams(
            MessageStore store,
            PushgateListener listener,
            AckMode mode,
            Callbacks callbacks,
            Executor loop,
            Sink sink) {
        this.store = store;
        this.listener = listener;
        this.mode = mode;
        this.callbacks = callbacks;
        this.loop = loop;
        this.sink = sink;
        this.inbox = stream(null);
    }

    void receive(ServerFrame.Push push) {
        String log = push.log();
        (log == null ? inbox : log(log)).receive(push);
    }

    /** A message was taken back. */
    void recall(ServerFrame.Recall recall) {
        String log = recall.log();
        (log == null ? inbox : log(log)).recall(recall);
    }

    /** What followed our place in the log is gone: it goes on after the position. */
    void reset(ServerFrame.Reset reset) {
        log(reset.log()).skip(reset.position());
        callbacks.execute(
                () -> {
                    if (!stopped) {
                        tell(reset);
                    }
                });
    }

    // The app's code, and the store's disk: whatever they throw, the client lives.
    private void tell(ServerFrame.Reset reset) {
        try {
            store.moveCursor(reset.log(), reset.position());
            listener.onReset(reset.log());
        } catch (RuntimeException e) {
            sink.error(e);
        }
    }

    /** Nothing is handed on any more, not even what is queued. Any thread. */
    void stop() {
        stopped = true;
        inbox.stop();
        logs.values().forEach(Deliveries::stop);
    }

    /** Messages and repeats that the app was done with: it grows as long as something comes in. */
    long processed() {
        return processed;
    }

    private Deliveries log(String name) {
        Deliveries known = logs.get(name);
        if (known != null) {
            return known;
        }
        Deliveries opened = stream(name);
        logs.put(name, opened);
        if (stopped) {
            opened.stop();
        }
        return opened;
    }

    private Deliveries stream(@Nullable String log) {
        return new Deliveries(log, store, listener, mode, callbacks, loop, new StreamSink(log));
    }

    private final class StreamSink implements Deliveries.Sink {
        private final @Nullable String log;
        private int openHere;

        StreamSink(@Nullable String log) {
            this.log = log;
        }

        @Override
        public void ack(Position upTo) {
            processed++;
            sink.ack(log, upTo);
        }

        @Override
        public void open(int count) {
            open += count - openHere;
            openHere = count;
            sink.open(open);
        }

        @Override
        public void failed(String messageId) {
            sink.failed(messageId);
        }

        @Override
        public void error(Throwable error) {
            sink.error(error);
        }
    }
}
