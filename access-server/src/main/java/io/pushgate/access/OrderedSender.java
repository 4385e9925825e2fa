package io.pushgate.access;

import io.micrometer.core.instrument.Timer;
import io.netty.util.concurrent.EventExecutor;
import io.pushgate.mailbox.Entry;
import io.pushgate.mailbox.Page;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.StageTimes;
import io.pushgate.runtime.Backoff;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Sends one device its messages in the order of its inbox.
 *
 * <p>A delivery goes out at once if it follows what was sent last and there is room. In every other
 * case the sender is <em>catching up</em>: deliveries only tell it how far the inbox reaches, and
 * pages of the inbox are sent as the window and the socket allow, one fetch at a time, until it has
 * seen the end. What is lost on the way, replayed on connect, held back for a slow device or sent
 * again is thus one case. One thread only, that of the connection's event loop.
 */
final class OrderedSender implements InFlight.AckListener, FetchGate.Waiting {
    /** Messages of the first page; later ones follow from what the messages weigh. */
    private static final int FIRST_PAGE = 16;

    /** Bytes that a page should hold. */
    private static final long PAGE_BYTES = 256 * 1024;

    private static final Backoff RETRY = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

    private final DeviceKey device;
    private final Inbox inbox;
    private final Wire wire;
    private final EventExecutor executor;
    private final FetchGate gate;
    private final AccessMetrics metrics;
    private final NodeClock clock;
    private final Timer latency;
    private final int window;
    private final InFlight inFlight;
    private final Recalls recalls = new Recalls();

    private State state = State.HELD;
    private FetchReason reason = FetchReason.REPLAY;

    /** Where the device stands: it has been sent everything up to here, in this pass. */
    private Position cursor = Position.NONE;

    private Position highestSent = Position.NONE;
    private Position lastAcked = Position.NONE;

    /** The newest message known to be, or to have been, in the inbox. */
    private Position newestKnown = Position.NONE;

    private int pageLimit = FIRST_PAGE;
    private int attempt;
    private int failures;

    /** A page is asked for or being sent; whatever calls {@link #pump} meanwhile has to wait. */
    private boolean fetching;

    private boolean waiting;
    private boolean pausing;
    private boolean rewindWanted;
    private boolean recheckWanted;
    private Position fetchCovers = Position.NONE;

    private long ackNanos;
    private long ackMillis;

    /**
     * @param latency of the device's app and platform
     * @param window messages in flight, at most
     */
    OrderedSender(
            DeviceKey device,
            Inbox inbox,
            Wire wire,
            EventExecutor executor,
            FetchGate gate,
            AccessMetrics metrics,
            NodeClock clock,
            Timer latency,
            int window) {
        this.device = device;
        this.inbox = inbox;
        this.wire = wire;
        this.executor = executor;
        this.gate = gate;
        this.metrics = metrics;
        this.clock = clock;
        this.latency = latency;
        this.window = window;
        this.inFlight = new InFlight(window);
    }

    /**
     * The session is registered: replays the inbox, then goes live.
     *
     * @param tail the newest position the inbox has given out
     * @param backlog messages waiting in it
     */
    void start(Position tail, long backlog) {
        if (state != State.HELD) {
            return;
        }
        if (backlog == 0) {
            cursor = tail;
        }
        know(tail);
        if (newestKnown.isAfter(cursor) || backlog > 0) {
            catchUp(FetchReason.REPLAY);
        } else {
            state = State.LIVE;
        }
    }

    /** The session was registered once more: fetches what it may have missed. */
    void resync(Position tail) {
        know(tail);
        if (state == State.LIVE) {
            catchUp(FetchReason.RESYNC);
        }
    }

    /**
     * A delivery from the dispatcher; the caller flushes the wire.
     *
     * @param arrivedNanos when the node got it, a reading of the ticker
     */
    void push(Delivery.Push push, StageTimes times, long arrivedNanos) {
        Position position = push.position();
        if (state == State.CLOSED) {
            return;
        }
        metrics.pushes.increment();
        if (!position.isAfter(cursor)) {
            metrics.duplicates.increment();
            return;
        }
        know(position);
        if (state != State.LIVE) {
            metrics.deferred.increment();
        } else if (!push.previous().equals(cursor) || cursor.equals(Position.NONE)) {
            // NONE stands for "unknown" as well as for "the first", and only the inbox can tell.
            boolean unknown = push.previous().equals(Position.NONE);
            if (!unknown) {
                metrics.gaps.increment();
            }
            metrics.deferred.increment();
            catchUp(unknown ? FetchReason.UNKNOWN_PREVIOUS : FetchReason.GAP);
        } else if (!hasRoom()) {
            metrics.deferred.increment();
            catchUp(FetchReason.BEHIND);
        } else if (recalls.take(position)) {
            metrics.recalled.increment();
            cursor = position;
        } else if (push.message().isExpiredAt(clock.millis())) {
            metrics.expired.increment();
            cursor = position;
        } else {
            sendLive(position, push.message(), times, arrivedNanos);
        }
    }

    private void sendLive(Position position, Message carried, StageTimes times, long arrivedNanos) {
        Message message = inbox.unpack(device, carried);
        if (message == null) {
            metrics.deferred.increment();
            catchUp(FetchReason.DICTIONARY);
        } else {
            send(position, message, times.requestedAt());
            metrics.accessToSocket(clock.nanos() - arrivedNanos);
        }
    }

    /** The device has processed everything up to the position. */
    AckOutcome ack(Position position) {
        if (position.isAfter(highestSent)) {
            return AckOutcome.NEVER_SENT;
        }
        if (!position.isAfter(lastAcked)) {
            return AckOutcome.STALE;
        }
        lastAcked = position;
        ackNanos = clock.nanos();
        ackMillis = clock.millis();
        metrics.acked.increment(inFlight.ackUpTo(position, this));
        if (position.isAfter(cursor)) {
            cursor = position; // acked while it was about to be sent again
        }
        pump();
        return AckOutcome.ADVANCED;
    }

    @Override
    public void acked(long sentAtNanos, long requestedAt) {
        metrics.socketToAck(ackNanos - sentAtNanos);
        if (requestedAt > 0) {
            metrics.endToEnd(latency, ackMillis - requestedAt);
        }
    }

    /**
     * Sends again what is unacked. A device whose socket is full has not even been sent it once, so
     * it is left alone.
     *
     * @param number counts from 1
     */
    void redeliver(int number) {
        if (state != State.LIVE && state != State.CATCHING_UP) {
            return;
        }
        if (!wire.isWritable()) {
            return;
        }
        attempt = number;
        if (state == State.CATCHING_UP && fetching) {
            rewindWanted = true;
        } else {
            rewind();
        }
    }

    /** Looks for what has come into the inbox unnoticed; nothing is sent twice by it. */
    void recheck() {
        if (state == State.LIVE) {
            catchUp(FetchReason.RESYNC);
        } else if (state == State.CATCHING_UP) {
            recheckWanted = fetching; // that page may have been read before it came
        }
    }

    /**
     * A message was taken back. If it has not been sent, it is not when it comes; else the device
     * is told, also if it has acked it, as another device may have been the first to.
     */
    void recall(Position position, String id) {
        if (state == State.CLOSED || state == State.HELD) {
            return;
        }
        boolean sent = !position.isAfter(highestSent);
        if (sent) {
            wire.recall(position, id);
        }
        if (fetching || !sent) {
            recalls.add(position);
        }
    }

    /** Sends nothing any more and goes on taking acks: the device is about to leave. */
    void hold() {
        if (state != State.CLOSED) {
            state = State.LEAVING;
        }
    }

    /** The socket takes more. */
    void writable() {
        pump();
    }

    /** The gate lets the sender in, if it still wants to. */
    @Override
    public void turn() {
        waiting = false;
        pump();
    }

    void close() {
        state = State.CLOSED;
    }

    private void rewind() {
        rewindWanted = false;
        know(highestSent);
        cursor = lastAcked;
        inFlight.clear();
        catchUp(FetchReason.REDELIVERY);
    }

    private void know(Position position) {
        if (position.isAfter(newestKnown)) {
            newestKnown = position;
        }
    }

    private void catchUp(FetchReason why) {
        state = State.CATCHING_UP;
        reason = why;
        pump();
    }

    private boolean hasRoom() {
        if (inFlight.room() == 0) {
            return false;
        }
        if (!wire.isWritable()) {
            wire.flush();
        }
        return wire.isWritable();
    }

    /** Fetches the next page where that is what is called for; harmless at any time. */
    void pump() {
        if (state != State.CATCHING_UP || fetching || pausing || waiting) {
            return;
        }
        fetching = true; // before the socket is looked at: a flush may have it call this
        if (!hasRoom()) {
            fetching = false;
            return;
        }
        if (!gate.enter(this)) {
            fetching = false;
            waiting = true;
            return;
        }
        fetchCovers = newestKnown;
        metrics.fetched(reason);
        Async.on(
                executor,
                inbox.fetch(device, cursor, Math.min(pageLimit, inFlight.room())),
                this::fetched,
                this::fetchFailed);
    }

    private void fetched(Page page) {
        gate.leave();
        failures = 0;
        if (state == State.CATCHING_UP && !rewindWanted) {
            send(page);
        }
        fetching = false;
        if (rewindWanted && state == State.CATCHING_UP) {
            rewind();
        } else {
            pump();
        }
    }

    private void fetchFailed(Throwable cause) {
        fetching = false;
        gate.leave();
        if (state != State.CATCHING_UP) {
            return;
        }
        metrics.error(AccessError.FETCH_FAILED);
        pausing = true;
        if (rewindWanted) {
            rewind();
        }
        var _ =
                executor.schedule(
                        () -> {
                            pausing = false;
                            pump();
                        },
                        RETRY.pause(++failures).toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void send(Page page) {
        long bytes = 0;
        int sent = 0;
        boolean cut = false;
        for (Entry entry : page.entries()) {
            if (!entry.position().isAfter(cursor)) {
                continue; // acked while the page was on its way
            }
            if (recalls.take(entry.position())) {
                metrics.recalled.increment();
                cursor = entry.position();
                continue;
            }
            if (!hasRoom()) {
                cut = true;
                break;
            }
            bytes += entry.message().payload().length;
            sent++;
            if (entry.position().isAfter(highestSent)) {
                metrics.replayed.increment();
            }
            send(entry.position(), entry.message(), 0);
        }
        wire.flush();
        if (cut) {
            pageLimit = Math.max(1, sent); // the rest was fetched in vain
        } else if (sent > 0) {
            pageLimit = Math.clamp(PAGE_BYTES / (bytes / sent + 1), 1, window);
        }
        if (!cut && !page.more() && recheckWanted) {
            recheckWanted = false; // once more
        } else if (!cut && !page.more()) {
            if (fetchCovers.isAfter(cursor)) {
                cursor = fetchCovers; // what lies between is no longer there: expired or recalled
            }
            if (!newestKnown.isAfter(cursor)) {
                state = State.LIVE;
            }
        }
    }

    private void send(Position position, Message message, long requestedAt) {
        boolean again = !position.isAfter(highestSent);
        wire.push(position, message, again);
        inFlight.add(position, clock.nanos(), again ? 0 : requestedAt);
        cursor = position;
        metrics.sent.increment();
        if (message.trace()) {
            inbox.written(device, message.id(), again ? Math.max(1, attempt) : 0);
        }
        if (again) {
            metrics.redelivered(attempt);
        } else {
            highestSent = position;
        }
    }

    private enum State {
        /** Not registered yet. */
        HELD,
        CATCHING_UP,
        LIVE,
        /** Nothing more is sent. */
        LEAVING,
        CLOSED
    }

    /** What an ack amounted to. */
    enum AckOutcome {
        ADVANCED,
        STALE,
        NEVER_SENT
    }

    /** The connection, as far as the sender writes to it. */
    interface Wire {
        boolean isWritable();

        void push(Position position, Message message, boolean again);

        void recall(Position position, String id);

        void flush();
    }
}
