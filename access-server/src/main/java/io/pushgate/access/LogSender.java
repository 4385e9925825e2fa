package io.pushgate.access;

import io.netty.buffer.ByteBuf;
import io.pushgate.mailbox.LogPage;
import io.pushgate.protocol.Broadcast;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.ServerFrameCodec;
import io.pushgate.runtime.Backoff;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Sends one session the messages of one broadcast log, in order: from the memory of the loop where
 * they are there, else in pages from Redis. It goes on as the window and the socket allow, so a
 * slow device is served later and costs a cursor meanwhile. One thread only, that of the
 * connection's event loop.
 */
final class LogSender implements FetchGate.Waiting, InFlight.AckListener {
    /** Bytes that go out in one write: more would fill the socket anyway. */
    private static final int MAX_RUN = 64 * 1024;

    private static final Backoff RETRY = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

    private final SessionLogs session;
    private final LoopLog log;
    private final InFlight inFlight;

    /** Its place among the members of the log, kept by that; -1 where it is none. */
    int slot = -1;

    /** Everything up to here was sent, or is not for this device. */
    private Position cursor;

    private Position lastAcked;
    private Position saving;
    private Position saved;

    /** The number of the next message in the loop's memory, -1 where it has to be looked for. */
    private long next = -1;

    /** In the midst of sending: a flush of its own may call {@link #pump}. */
    private boolean sending;

    private boolean fetching;
    private boolean waiting;
    private boolean pausing;
    private int failures;

    /**
     * @param start where the device stands
     */
    LogSender(SessionLogs session, LoopLog log, Position start, int window) {
        this.session = session;
        this.log = log;
        this.cursor = start;
        this.lastAcked = start;
        this.saving = start;
        this.saved = start;
        this.inFlight = new InFlight(window);
    }

    String name() {
        return log.key().log();
    }

    /** Follows the log from now on. */
    void start() {
        if (log.isClosed()) {
            session.failed(new IllegalStateException("nobody had followed " + name()));
            return;
        }
        log.enter(this);
        pump();
    }

    void stop() {
        log.leave(this);
    }

    /** Sends what there is to send; harmless at any time. */
    void pump() {
        if (sending || fetching || pausing || waiting || slot < 0) {
            return;
        }
        sending = true;
        try {
            sendFromMemory();
        } catch (RuntimeException e) {
            session.failed(e); // others follow the same log, and have to get it
        } finally {
            sending = false;
        }
    }

    private void sendFromMemory() {
        LogTail tail = log.tail();
        while (true) {
            if (next < tail.begin()) {
                next = tail.after(cursor);
            }
            if (next == tail.end() || !session.hasRoom()) {
                break;
            }
            if (next < 0) {
                fetch();
                break;
            }
            LogEntry entry = tail.get(next);
            if (!entry.position().isAfter(cursor)) {
                next++; // the device was ahead of this node
            } else if (entry.isFor(session.platform(), session.nowMillis())) {
                sendRun(tail, entry);
            } else {
                cursor = entry.position();
                next++;
            }
        }
        session.flush();
    }

    /** As many neighbours as there is room for, in one write. */
    private void sendRun(LogTail tail, LogEntry first) {
        LogEntry last = first;
        int count = 1;
        sent(first.position());
        next++;
        while (next < tail.end() && session.room() > 0 && last.to() - first.from() < MAX_RUN) {
            LogEntry entry = tail.get(next);
            if (!entry.isRightAfter(last)
                    || !entry.isFor(session.platform(), session.nowMillis())) {
                break;
            }
            last = entry;
            count++;
            sent(entry.position());
            next++;
        }
        ByteBuf frames = first.chunk().retainedSlice(first.from(), last.to() - first.from());
        session.write(frames, count);
    }

    private void sent(Position position) {
        inFlight.add(position, 0, 0);
        session.sent();
        cursor = position;
    }

    private void fetch() {
        if (!session.gate().enter(this)) {
            waiting = true;
            return;
        }
        fetching = true;
        session.fetch(log.key(), cursor, this::fetched, this::fetchFailed);
    }

    @Override
    public void turn() {
        waiting = false;
        pump();
    }

    private void fetched(LogPage page) {
        session.gate().leave();
        failures = 0;
        if (slot >= 0) {
            take(page);
        }
        fetching = false;
        pump();
    }

    private void take(LogPage page) {
        if (page.isGapAfter(cursor)) {
            reset(page.entries().isEmpty() ? page.tail() : page.entries().getFirst().previous());
        }
        if (send(page) && page.end().isAfter(cursor)) {
            cursor = page.end();
        }
        next = -1;
    }

    /** Tells the device that it missed something for good; it goes on after the position. */
    private void reset(Position to) {
        session.reset(name(), to);
        cursor = to;
        lastAcked = to;
    }

    /** Returns whether there was room for all of it. */
    private boolean send(LogPage page) {
        for (Broadcast broadcast : page.entries()) {
            if (!broadcast.position().isAfter(cursor)) {
                continue;
            }
            boolean wanted =
                    broadcast.isFor(session.platform())
                            && !broadcast.message().isExpiredAt(session.nowMillis());
            if (!wanted) {
                cursor = broadcast.position();
            } else if (session.hasRoom()) {
                sent(broadcast.position());
                session.write(
                        ServerFrameCodec.encodePush(
                                name(), broadcast.position(), broadcast.message()));
            } else {
                return false;
            }
        }
        return true;
    }

    /** A message was taken back: one that is on its way may still be kept from the app. */
    void recall(Position position, String id) {
        if (slot >= 0 && inFlight.contains(position)) {
            session.recall(name(), position, id);
        }
    }

    private void fetchFailed(Throwable cause) {
        fetching = false;
        session.gate().leave();
        if (slot >= 0) {
            pausing = true;
            session.retry(
                    () -> {
                        pausing = false;
                        pump();
                    },
                    RETRY.pause(++failures).toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    /**
     * The device has everything up to the position, perhaps from an earlier session.
     *
     * @return how many messages of this session that covers
     */
    int ack(Position position) {
        boolean unknown = position.isAfter(log.tail().last()) && position.isAfter(cursor);
        if (unknown || !position.isAfter(lastAcked)) {
            return 0; // what this node has not seen yet it sends, and that is acked again
        }
        lastAcked = position;
        int acked = inFlight.ackUpTo(position, this);
        if (position.isAfter(cursor)) {
            cursor = position;
            next = -1;
        }
        return acked;
    }

    @Override
    public void acked(long sentAtNanos, long requestedAt) {
        // A time for each device would cost more than the message.
    }

    /** Messages sent and not acked. */
    int unacked() {
        return inFlight.size();
    }

    /** Up to where the device needs nothing any more. */
    Position settled() {
        return inFlight.size() == 0 ? cursor : lastAcked;
    }

    boolean isUnsaved() {
        return settled().isAfter(saved);
    }

    /** What is to be saved now. */
    Position save() {
        saving = settled();
        return saving;
    }

    /** What was to be saved is. */
    void saved() {
        saved = saving;
    }
}
