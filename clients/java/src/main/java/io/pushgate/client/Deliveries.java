package io.pushgate.client;

import io.pushgate.protocol.Position;
import io.pushgate.protocol.ServerFrame;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Hands the messages of the inbox, or of one broadcast log, to the app once and in order, and says
 * how far they may be acked. Outlives connections.
 *
 * <p>Two memories keep repeats out: positions (one not above the last received was here before, in
 * the life of this object) and the store's ids (across restarts, and for a message that Redis lost
 * in a failover and took again under another position). Either kind of repeat is dropped and, once
 * the app is done with it, acked.
 *
 * <p>Threads: {@link #receive} and what it keeps belong to the event loop; the hand-over runs on
 * the callbacks' thread and reports back to the loop. A callback that throws raises that thread's
 * generation, so that what was queued behind it is skipped, until the loop has rewound to the last
 * message handed on.
 */
final class Deliveries {
    /** How long the same id means the same message to the gateway. */
    private static final long SAME_ID_MILLIS = Duration.ofHours(24).toMillis();

    /** What the deliveries ask of their client. On the event loop, except {@link #error}. */
    interface Sink {
        /** Everything up to here may be acked; called again for a repeat whose ack was lost. */
        void ack(Position upTo);

        /** Messages received and not processed yet. */
        void open(int count);

        /** A callback threw: nothing more may come in over this connection. */
        void failed(String messageId);

        /** For the app's listener; on the callbacks' thread or the app's. */
        void error(Throwable error);
    }

    private record Unacked(String id, Position position, boolean known) {}

    private final @Nullable String log;
    private final MessageStore store;
    private final PushgateListener listener;
    private final AckMode mode;
    private final Callbacks callbacks;
    private final Executor loop;
    private final Sink sink;

    // Event loop.
    private Position received;
    private Position handed;
    private Position processed;
    private int open;
    private int loopGeneration;

    // The callbacks' thread.
    private int callbackGeneration;

    /** Handed on and not acked by the app, oldest first; guarded by itself. */
    private final Deque<Unacked> unacked = new ArrayDeque<>(0);

    /** Taken back, until the callbacks' thread has come by; no more than it has to do. */
    private final Set<Position> recalled = ConcurrentHashMap.newKeySet();

    private volatile boolean stopped;

    /**
     * @param log the broadcast log, null for the inbox
     */
    Deliveries(
            @Nullable String log,
            MessageStore store,
            PushgateListener listener,
            AckMode mode,
            Callbacks callbacks,
            Executor loop,
            Sink sink) {
        this.log = log;
        this.store = store;
        this.received =
                log == null ? Position.NONE : store.cursors().getOrDefault(log, Position.NONE);
        this.handed = received;
        this.processed = received;
        this.listener = listener;
        this.mode = mode;
        this.callbacks = callbacks;
        this.loop = loop;
        this.sink = sink;
    }

    void receive(ServerFrame.Push push) {
        if (!push.position().isAfter(received)) {
            if (!push.position().isAfter(processed)) {
                sink.ack(processed);
            }
            return;
        }
        received = push.position();
        sink.open(++open);
        int generation = loopGeneration;
        callbacks.execute(() -> handOn(push, generation));
    }

    /** Nothing up to the position comes any more. */
    void skip(Position to) {
        if (to.isAfter(received)) {
            received = to;
        }
    }

    /** A message was taken back; what was not handed on yet is dropped and acked. */
    void recall(ServerFrame.Recall recall) {
        Position position = recall.position();
        if (!position.isAfter(received)) {
            recalled.add(position);
            callbacks.execute(() -> handedBefore(position, recall.id()));
        }
    }

    /** Runs behind the hand-over of the message, which takes the position out if it drops it. */
    private void handedBefore(Position position, String id) {
        if (recalled.remove(position) && !stopped) {
            try {
                listener.onRecall(id);
            } catch (RuntimeException e) {
                sink.error(e);
            }
        }
    }

    /** Nothing is handed on any more, not even what is queued. Any thread. */
    void stop() {
        stopped = true;
    }

    /** {@link PushMessage#ack}; any thread. */
    void ackedByApp(Position upTo) {
        if (mode == AckMode.AUTO) {
            return;
        }
        int count = 0;
        Position reached = Position.NONE;
        synchronized (unacked) {
            for (Unacked head = unacked.peek();
                    head != null && (head.known() || !head.position().isAfter(upTo));
                    head = unacked.peek()) {
                unacked.remove();
                if (!head.known()) {
                    remember(head.id(), head.position());
                }
                reached = head.position();
                count++;
            }
        }
        if (count > 0) {
            int done = count;
            Position end = reached;
            loop.execute(() -> processed(end, done));
        }
    }

    private void handOn(ServerFrame.Push push, int generation) {
        if (stopped || generation != callbackGeneration) {
            loop.execute(() -> sink.open(--open));
            return;
        }
        boolean known = recalled.remove(push.position()) || isKnown(push);
        if (mode == AckMode.MANUAL) {
            synchronized (unacked) {
                unacked.add(new Unacked(push.id(), push.position(), known));
            }
        }
        if (!known && !callApp(push)) {
            callbackGeneration++;
            boolean wasOpen = mode == AckMode.AUTO || forget(push.position());
            loop.execute(() -> rewind(push, wasOpen));
            return;
        }
        if (mode == AckMode.AUTO && !known) {
            remember(push.id(), push.position());
        }
        loop.execute(() -> handed(push.position()));
        if (known) {
            // With nothing unacked before it, it can go at once.
            ackedByApp(Position.NONE);
        }
    }

    private boolean isKnown(ServerFrame.Push push) {
        Position remembered = store.find(push.id());
        return remembered != null
                && Math.abs(push.position().millis() - remembered.millis()) < SAME_ID_MILLIS;
    }

    /** Returns whether the app took it. */
    // The app's code: whatever it throws, the client lives.
    private boolean callApp(ServerFrame.Push push) {
        Throwable thrown = null;
        try {
            listener.onMessage(new PushMessage(push, this));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            thrown = e;
        } catch (Throwable e) {
            thrown = e;
        }
        if (thrown == null) {
            return true;
        }
        sink.error(thrown);
        return false;
    }

    /** Returns false when the app acked it before it threw. */
    private boolean forget(Position position) {
        synchronized (unacked) {
            return unacked.removeIf(entry -> entry.position().equals(position));
        }
    }

    private void handed(Position position) {
        handed = position;
        if (mode == AckMode.AUTO) {
            processed(position, 1);
        }
    }

    private void processed(Position position, int count) {
        open -= count;
        sink.open(open);
        if (position.isAfter(processed)) {
            processed = position;
        }
        sink.ack(processed);
    }

    private void rewind(ServerFrame.Push push, boolean wasOpen) {
        loopGeneration++;
        received = handed;
        open -= wasOpen ? 1 : 0;
        sink.open(open);
        sink.failed(push.id());
    }

    /** The store's own memory has it even if its disk does not: no reason to hold the ack back. */
    private void remember(String id, Position position) {
        try {
            if (log == null) {
                store.remember(id, position);
            } else {
                store.remember(log, id, position);
            }
        } catch (RuntimeException e) {
            sink.error(e);
        }
    }
}
