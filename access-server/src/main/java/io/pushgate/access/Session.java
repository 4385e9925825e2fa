package io.pushgate.access;

import io.pushgate.access.auth.Claims;
import io.pushgate.access.auth.TokenVerifier;
import io.pushgate.mailbox.Registered;
import io.pushgate.mailbox.Registration;
import io.pushgate.protocol.ClientFrame;
import io.pushgate.protocol.CloseReason;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.ServerFrame;
import io.pushgate.protocol.StageTimes;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A device's session: registered in the mailbox, fed by deliveries, ended once. Lives on its
 * connection's event loop; only the methods that say so may be called from elsewhere.
 */
final class Session implements AckBatcher.Owner, Lifeline.Owner {
    private static final Logger log = LoggerFactory.getLogger(Session.class);

    /** A client that cannot be registered is asked to come back after at most this long. */
    private static final int MAX_COMEBACK_MILLIS = 5_000;

    /** Longer than a client waits for a welcome; up to twice as long. */
    private static final Duration CONFIRM_AFTER = Duration.ofSeconds(20);

    private static final CompletableFuture<Void> SETTLED = CompletableFuture.completedFuture(null);

    private final SessionContext node;
    private final LoopContext loop;
    private final Connection connection;
    private final Lifeline lifeline;
    private final Claims claims;
    private final String version;
    private final OrderedSender sender;
    private final SessionLogs logs;
    private final long openedAt;

    /**
     * Done once the mailbox has answered, or will never be asked: the next session waits for it.
     * From then on it is the same one for all.
     */
    private volatile CompletableFuture<Void> settled = new CompletableFuture<>();

    /** The last message that the client has processed; of no use once it is registered. */
    private @Nullable String lastMessageId;

    private AckBatcher.@Nullable Slot ackSlot;
    private @Nullable Route route;
    private long firstNumber;
    private boolean ended;
    private boolean verifying;

    Session(
            SessionContext node,
            LoopContext loop,
            Connection connection,
            Claims claims,
            String version,
            @Nullable String lastMessageId,
            Cursors cursors) {
        this.node = node;
        this.loop = loop;
        this.connection = connection;
        this.claims = claims;
        this.version = version;
        this.lastMessageId = lastMessageId;
        this.openedAt = node.clock().nanos();
        this.lifeline = new Lifeline(loop.wheel(), node.config(), this);
        this.sender =
                new OrderedSender(
                        claims.device(),
                        node.inbox(),
                        connection,
                        loop.executor(),
                        loop.gate(),
                        node.metrics(),
                        node.clock(),
                        node.metrics().latencies.of(claims.device().app(), claims.platform()),
                        node.config().window());
        this.logs = new SessionLogs(node, loop, connection, claims, cursors, lifeline, this::fail);
    }

    DeviceKey device() {
        return claims.device();
    }

    Lifeline lifeline() {
        return lifeline;
    }

    /** Any thread. */
    LoopContext loop() {
        return loop;
    }

    /** Runs the task once the mailbox has answered the registration; any thread. */
    void whenSettled(Runnable task) {
        var _ = settled.thenRun(task);
    }

    /** Registers the session, after the one it replaces on this node has settled. */
    void open() {
        node.metrics().connects.increment();
        node.metrics().connections.opened(device().app(), claims.platform(), version);
        lifeline.tokenExpiresIn(
                Duration.ofMillis(claims.expiresAt() - node.clock().millis())
                        .plus(TokenVerifier.LEEWAY));
        Session replaced = node.registry().admit(this);
        if (replaced == null) {
            // Only after the socket was read to its end: a node that wakes from a pause finds
            // handshakes of clients that gave up long ago, and must not let them take over.
            if (!Async.execute(loop.executor(), this::register)) {
                settle();
            }
            return;
        }
        replaced.onLoop(() -> replaced.close(CloseReason.REPLACED));
        if (replaced.settled.isDone()) {
            register();
        } else {
            var _ = replaced.settled.whenComplete((done, cause) -> onLoop(this::register));
        }
    }

    private void settle() {
        CompletableFuture<Void> awaited = settled;
        settled = SETTLED;
        awaited.complete(null);
    }

    /** First it has to be clear where the device stands: from the welcome on nothing is missed. */
    private void register() {
        // A closed channel tells its handlers by a task that comes after this one.
        if (ended || !connection.isOpen()) {
            settle();
            return;
        }
        Async.on(loop.executor(), logs.open(), _ -> registerNow(), this::registerFailed);
    }

    private void registerNow() {
        if (ended || !connection.isOpen()) {
            settle();
            return;
        }
        Async.on(
                loop.executor(),
                node.inbox().register(registration(lastMessageId)),
                this::registered,
                this::registerFailed);
    }

    private Registration registration(@Nullable String last) {
        return new Registration(
                claims.device(),
                node.nodeId(),
                claims.platform(),
                version,
                claims.user(),
                last,
                claims.groups());
    }

    private void registered(Registered registered) {
        Route given = registered.route();
        settle();
        node.receipts().accept(registered.receipts());
        takeOver(registered);
        if (ended) {
            node.leaving().unregister(claims.device(), given);
            return;
        }
        route = given;
        firstNumber = given.session();
        lastMessageId = null;
        ackSlot = new AckBatcher.Slot(this, claims.device(), given);
        connection.send(
                new ServerFrame.Welcome(
                        given.sessionId(),
                        (int) node.config().heartbeat().toMillis(),
                        node.config().window()));
        sender.start(registered.tail(), registered.backlog());
        logs.start();
        logs.belongTo(registered.apiGroups());
        confirmLater();
    }

    /**
     * Looks once more whether the mailbox knows this session: a node that stalled may have carried
     * out an earlier attempt of the same client after this one, and have died before it could tell.
     */
    private void confirmLater() {
        long jitter = ThreadLocalRandom.current().nextLong(CONFIRM_AFTER.toMillis());
        lifeline.confirmIn(CONFIRM_AFTER.plusMillis(jitter));
    }

    @Override
    public void confirm() {
        if (ended || verifying) {
            return;
        }
        verifying = true;
        Async.on(
                loop.executor(),
                node.inbox().route(device()),
                this::verified,
                _ -> {
                    verifying = false;
                    if (!ended) {
                        confirmLater(); // Redis is away, and the device may stay
                    }
                });
    }

    private void registerFailed(Throwable cause) {
        settle();
        node.metrics().error(AccessError.REGISTER_FAILED);
        comeBack("unavailable");
    }

    private void takeOver(Registered registered) {
        Route replaced = registered.replaced();
        if (replaced != null && !replaced.node().equals(node.nodeId())) {
            node.takeover().tell(claims.device(), replaced);
        }
    }

    /**
     * A delivery from the dispatcher; the caller flushes the connection. Never throws, as there are
     * deliveries for others behind this one.
     */
    void receive(Delivery delivery, StageTimes times, long arrivedNanos) {
        try {
            deliver(delivery, times, arrivedNanos);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    /** Cuts the connection over a fault of ours; the device comes back by itself. */
    void fail(Throwable cause) {
        node.metrics().error(AccessError.CONNECTION_FAILED);
        log.warn("cutting the connection of {} over a fault of ours", claims.device(), cause);
        end(new CloseCause.Lost());
        connection.abort();
    }

    private void deliver(Delivery delivery, StageTimes times, long arrivedNanos) {
        switch (delivery) {
            case Delivery.Push push -> sender.push(push, times, arrivedNanos);
            case Delivery.Redeliver redeliver -> {
                if (isOurs(redeliver.route())) {
                    if (redeliver.attempt() == 0) {
                        sender.recheck(); // it bounced elsewhere: nothing has gone missing here
                    } else {
                        sender.redeliver(redeliver.attempt());
                    }
                }
            }
            case Delivery.Recall recall -> sender.recall(recall.position(), recall.id());
            case Delivery.Regroup _ -> logs.regroup();
            case Delivery.Disconnect disconnect -> {
                if (isOurs(disconnect.route())) {
                    close(disconnect.reason());
                }
            }
        }
    }

    /** Exactly this session, under any number that it has had. */
    private boolean isOurs(Route other) {
        Route now = route;
        return now != null
                && now.node().equals(other.node())
                && other.session() >= firstNumber
                && other.session() <= now.session();
    }

    void ack(ClientFrame.Ack ack) {
        String log = ack.log();
        if (log == null) {
            ack(ack.position());
        } else if (ackSlot != null && !logs.ack(log, ack.position())) {
            refuse("bad_ack", "this session does not follow that log");
        }
    }

    /** The device has processed everything in its inbox up to the position. */
    void ack(Position position) {
        AckBatcher.Slot slot = ackSlot;
        if (slot == null) {
            return; // nothing was sent yet
        }
        switch (sender.ack(position)) {
            case ADVANCED -> loop.acks().ack(slot, position);
            case STALE -> {}
            case NEVER_SENT -> refuse("bad_ack", "this position was not sent on this session");
        }
    }

    void writable() {
        sender.writable();
        logs.pump();
    }

    /** The client broke the protocol: says how, and closes. */
    void refuse(String code, String message) {
        connection.send(new ServerFrame.Failure(code, message));
        close(CloseReason.POLICY);
    }

    /**
     * Asks the client to reconnect elsewhere, and closes the connection if it has not done so a
     * while later. Shortly before its moment nothing is sent to it any more: what a closing client
     * does not read would be sent again elsewhere.
     *
     * @param why what the client is told, with the moment at which it is to go
     * @param quiet how long before that moment nothing is sent any more
     * @param grace how long after it the client may still be here
     */
    void goaway(ServerFrame.Goaway why, Duration quiet, Duration grace) {
        if (ended) {
            return;
        }
        Duration after = Duration.ofMillis(why.after());
        connection.send(why);
        lifeline.goneIn(after.minus(quiet), after.plus(grace));
    }

    /** Whether it is registered for that long and was not asked to go; this loop only. */
    boolean isSettled(Duration since) {
        return !ended
                && route != null
                && !lifeline.isLeaving()
                && node.clock().nanos() - openedAt >= since.toNanos();
    }

    @Override
    public void quiet() {
        sender.hold();
        logs.hold();
    }

    private void comeBack(String reason) {
        if (!ended) {
            if (route != null) { // else it has no welcome yet, which comes first
                int after = ThreadLocalRandom.current().nextInt(MAX_COMEBACK_MILLIS);
                connection.send(new ServerFrame.Goaway(reason, after));
            }
            close(CloseReason.RESTART);
        }
    }

    @Override
    public void sessionNotCurrent() {
        verify();
    }

    /**
     * Makes sure that the mailbox knows this session: it may have been taken for dead while Redis,
     * or this node, was away. A newer session of the device ends this one.
     */
    void verify() {
        if (ended || verifying || route == null) {
            return;
        }
        verifying = true;
        Async.on(loop.executor(), node.inbox().route(device()), this::verified, this::verifyFailed);
    }

    private void verified(Optional<Route> current) {
        verifying = false;
        if (ended) {
            return;
        }
        if (current.isPresent() && current.get().equals(route)) {
            logs.verifyGroups();
            return;
        }
        if (current.isPresent() && route != null && current.get().isNewerThan(route)) {
            close(CloseReason.REPLACED);
            return;
        }
        // Nobody, or whom a failover of Redis brought back: this one is the newest.
        verifying = true;
        Async.on(
                loop.executor(),
                node.inbox().register(registration(null)),
                this::registeredAgain,
                this::verifyFailed);
    }

    private void registeredAgain(Registered registered) {
        verifying = false;
        node.receipts().accept(registered.receipts());
        takeOver(registered);
        AckBatcher.Slot slot = ackSlot;
        if (ended || slot == null) {
            node.leaving().unregister(claims.device(), registered.route());
            return;
        }
        route = registered.route();
        slot.route(registered.route());
        sender.resync(registered.tail());
        logs.belongTo(registered.apiGroups());
    }

    private void verifyFailed(Throwable cause) {
        verifying = false;
        node.metrics().error(AccessError.VERIFY_FAILED);
        comeBack("unavailable");
    }

    @Override
    public void due(CloseReason reason) {
        if (reason == CloseReason.TOO_SLOW) {
            node.metrics().slowCuts.increment();
        }
        close(reason);
    }

    @Override
    public void lingered() {
        connection.abort();
    }

    /** Ends the session with a close frame. */
    void close(CloseReason reason) {
        if (!ended) {
            end(new CloseCause.ByServer(reason));
            connection.close(reason);
            lifeline.linger();
        }
    }

    /** Ends the session; what becomes of the connection is the caller's. Does nothing twice. */
    void end(CloseCause cause) {
        if (ended) {
            return;
        }
        ended = true;
        sender.close();
        logs.close();
        node.registry().remove(this);
        node.metrics().connections.closed(device().app(), claims.platform(), version);
        node.metrics().closed(cause, node.clock().nanos() - openedAt);
        Route last = route;
        if (ackSlot != null && last != null) {
            node.leaving().begin();
            loop.acks()
                    .whenFlushed(
                            ackSlot,
                            () -> {
                                node.leaving().unregister(device(), last);
                                node.leaving().done();
                            });
        }
    }

    /** Runs the task on this session's loop, now if this is it; any thread. */
    void onLoop(Runnable task) {
        if (loop.executor().inEventLoop()) {
            task.run();
        } else {
            Async.execute(loop.executor(), task);
        }
    }
}
