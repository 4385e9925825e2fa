package io.pushgate.access;

import io.netty.buffer.ByteBuf;
import io.pushgate.access.auth.Claims;
import io.pushgate.mailbox.LogCursors;
import io.pushgate.mailbox.LogPage;
import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.ServerFrame;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The broadcast logs that one session follows: that of its app, and those of its device's groups
 * that have one. They share one window of unacked messages. One thread only, that of the
 * connection's event loop.
 */
final class SessionLogs implements CursorSaver.Owner {
    /** How long to wait until a log is known that nobody here has followed. */
    private static final Duration OPEN_WITHIN = Duration.ofSeconds(3);

    private final SessionContext node;
    private final LoopContext loop;
    private final Connection wire;
    private final Claims claims;
    private final Cursors given;
    private final Lifeline lifeline;
    private final Consumer<Throwable> onFailure;
    private final int window;
    private final Map<String, LogSender> senders = new HashMap<>(2);
    private final CursorSaver.Slot saveSlot = new CursorSaver.Slot(this);
    private int unacked;
    private boolean sending;
    private boolean closed;
    private @Nullable SessionGroups groups; // null while the device is in none
    private boolean regrouped;

    /**
     * @param given where the client says it stands
     * @param onFailure told of a fault of ours, which is to end the session
     */
    SessionLogs(
            SessionContext node,
            LoopContext loop,
            Connection wire,
            Claims claims,
            Cursors given,
            Lifeline lifeline,
            Consumer<Throwable> onFailure) {
        this.node = node;
        this.loop = loop;
        this.wire = wire;
        this.claims = claims;
        this.given = given;
        this.lifeline = lifeline;
        this.onFailure = onFailure;
        this.window = node.config().window();
    }

    /**
     * Finds out where the device stands; what is appended from now on is for it. Completes on any
     * thread.
     */
    CompletionStage<Void> open() {
        Set<LogKey> keys = Set.of(LogKey.all(claims.device().app()));
        List<LoopLog> logs = new ArrayList<>(keys.size());
        CompletableFuture<Void> followed = new CompletableFuture<>();
        Consumer<LoopLog> ready =
                log -> {
                    logs.add(log);
                    if (logs.size() == keys.size()) {
                        followed.complete(null);
                    }
                };
        keys.forEach(key -> loop.logs().follow(key, ready));
        if (!followed.isDone()) {
            giveUpIn(OPEN_WITHIN, followed, keys, ready);
        }
        return followed.thenCompose(_ -> readCursors(logs));
    }

    /** Redis may be away: the device is asked to come back, rather than held in the handshake. */
    private void giveUpIn(
            Duration time,
            CompletableFuture<Void> followed,
            Set<LogKey> keys,
            Consumer<LoopLog> ready) {
        var _ =
                loop.executor()
                        .schedule(
                                () -> {
                                    if (followed.completeExceptionally(new TimeoutException())) {
                                        keys.forEach(key -> loop.logs().forget(key, ready));
                                    }
                                },
                                time.toNanos(),
                                TimeUnit.NANOSECONDS);
    }

    private CompletionStage<Void> readCursors(List<LoopLog> logs) {
        Map<String, Position> starts = new HashMap<>();
        for (LoopLog log : logs) {
            String name = log.key().log();
            starts.put(name, given.positions().getOrDefault(name, log.tail().last()));
        }
        if (given.positions().keySet().containsAll(starts.keySet())) {
            logs.forEach(log -> add(log, starts));
            return CompletableFuture.completedFuture(null); // nothing that Redis could tell
        }
        CompletableFuture<Void> read = new CompletableFuture<>();
        Async.on(
                loop.executor(),
                node.logs().openCursors(claims.device(), starts),
                saved -> {
                    for (LoopLog log : logs) {
                        add(log, saved);
                    }
                    read.complete(null);
                },
                read::completeExceptionally);
        return read;
    }

    private void add(LoopLog log, Map<String, Position> saved) {
        String name = log.key().log();
        Position start = given.positions().get(name);
        if (start == null) {
            start = saved.getOrDefault(name, log.tail().last());
        }
        senders.put(name, new LogSender(this, log, start, window));
    }

    /** Sends from now on. */
    void start() {
        if (!closed) {
            sending = true;
            senders.values().forEach(LogSender::start);
        }
    }

    /** The device belongs to these groups, besides those of its token; the mailbox says so. */
    void belongTo(List<String> apiGroups) {
        if (groups != null || !claims.groups().isEmpty() || !apiGroups.isEmpty()) {
            groups().belongTo(claims.groups(), apiGroups);
        }
        if (regrouped) {
            regroup();
        }
    }

    /** The groups of the device have changed: looks them up. */
    void regroup() {
        regrouped = !sending;
        if (sending) {
            groups().lookUp();
        }
    }

    /** The same from time to time, as the word of a change may be lost. */
    void verifyGroups() {
        if (loop.logs().groups().isAnyMarked(claims.device().app())) {
            regroup();
        }
    }

    private SessionGroups groups() {
        if (groups == null) {
            groups = new SessionGroups(this, node, loop, claims.device());
        }
        return groups;
    }

    /** Follows a log of a group, from the later of where the client and the mailbox say it is. */
    void follow(LoopLog log, Position saved) {
        String name = log.key().log();
        Position said = given.positions().getOrDefault(name, saved);
        Position start = said.isAfter(saved) ? said : saved;
        LogSender sender = new LogSender(this, log, start, window);
        senders.put(name, sender);
        if (sending) {
            sender.start();
        }
    }

    /** The device has left the group whose log it is. */
    void unfollow(String name) {
        LogSender sender = senders.remove(name);
        if (sender != null) {
            sender.stop();
            unacked -= sender.unacked();
            lifeline.broadcasts(unacked > 0);
            pump();
        }
    }

    /**
     * The device has everything of the log up to the position; false for no log of this session.
     */
    boolean ack(String name, Position position) {
        LogSender sender = senders.get(name);
        if (sender == null) {
            return LogKey.isOfGroup(name); // it may have left the group just now
        }
        int acked = sender.ack(position);
        if (acked > 0) {
            unacked -= acked;
            node.metrics().logAcked.increment(acked);
            lifeline.broadcasts(unacked > 0);
        }
        if (!given.kept() && sender.isUnsaved()) {
            loop.cursors().save(saveSlot);
        }
        pump();
        return true;
    }

    void pump() {
        if (sending) {
            senders.values().forEach(LogSender::pump);
        }
    }

    /** Sends nothing any more and goes on taking acks: the device is about to leave. */
    void hold() {
        sending = false;
    }

    /** Ends it; how far the device has got is saved, and waited for by a drain. */
    void close() {
        closed = true;
        sending = false;
        senders.values().forEach(LogSender::stop);
        if (groups != null) {
            groups.close();
        }
        if (senders.values().stream().anyMatch(LogSender::isUnsaved)) {
            node.leaving().begin();
            loop.cursors().save(saveSlot, node.leaving()::done);
        }
    }

    @Override
    public LogCursors cursors() {
        Map<String, Position> positions = new HashMap<>();
        for (LogSender sender : senders.values()) {
            if (sender.isUnsaved()) {
                positions.put(sender.name(), sender.save());
            }
        }
        return new LogCursors(claims.device(), positions);
    }

    @Override
    public void saved() {
        senders.values().forEach(LogSender::saved);
    }

    // What its senders need.

    String platform() {
        return claims.platform();
    }

    long nowMillis() {
        return node.clock().millis();
    }

    FetchGate gate() {
        return loop.gate();
    }

    int room() {
        return window - unacked;
    }

    boolean hasRoom() {
        if (!sending || room() <= 0) {
            return false;
        }
        if (!wire.isWritable()) {
            wire.flush(); // and what the socket takes then may be that of another log
        }
        return wire.isWritable() && room() > 0;
    }

    /** One message more is unacked. */
    void sent() {
        if (unacked++ == 0) {
            lifeline.broadcasts(true);
        }
    }

    /** Writes frames, and takes their reference over. */
    void write(ByteBuf frames, int count) {
        wire.write(frames);
        node.metrics().logSent.increment(count);
    }

    void write(byte[] json) {
        wire.writeText(json);
        node.metrics().logSent.increment();
        node.metrics().logReplayed.increment();
    }

    void flush() {
        wire.flush();
    }

    void reset(String name, Position to) {
        node.metrics().logResets.increment();
        wire.send(new ServerFrame.Reset(name, to));
    }

    void recall(String name, Position position, String id) {
        node.metrics().logRecalled.increment();
        wire.send(new ServerFrame.Recall(position, id, name));
    }

    void fetch(LogKey key, Position after, Consumer<LogPage> success, Consumer<Throwable> failure) {
        node.metrics().fetched(FetchReason.BROADCAST);
        Async.on(
                loop.executor(),
                node.logs().fetch(key, after, window),
                success,
                cause -> {
                    node.metrics().error(AccessError.LOG_FAILED);
                    failure.accept(cause);
                });
    }

    void retry(Runnable task, long delay, TimeUnit unit) {
        var _ = loop.executor().schedule(task, delay, unit);
    }

    void failed(Throwable cause) {
        onFailure.accept(cause);
    }
}
