package io.pushgate.access;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import io.pushgate.mailbox.LogEnd;
import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.NodeMessage;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The broadcast logs that devices of this node follow, each read once for all of them: takes what
 * dispatchers publish, encodes it, fetches what pub/sub lost, and hands all on to the event loops
 * in order. Its work is done on one event loop; only the methods that say so may be called from
 * elsewhere.
 */
final class LogHub implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LogHub.class);

    /** Messages of dispatchers that wait to be looked at, at most. */
    private static final int MAX_QUEUED = 1_000;

    private final EventExecutor executor;
    private final LogSource source;
    private final AccessConfig.LogConfig config;
    private final ByteBufAllocator allocator;
    private final AccessMetrics metrics;
    private final Map<LogKey, FollowedLog> logs = new HashMap<>();

    /** Of the apps whose own log is followed. */
    private final Map<String, MarkedGroups> groups = new HashMap<>();

    private final List<LoopLogs> loops = new CopyOnWriteArrayList<>();
    private final AtomicInteger queued = new AtomicInteger();
    private volatile int followed;
    private volatile long bytes;
    private volatile int marked;
    private boolean checking;
    private boolean closed;

    LogHub(
            EventExecutor executor,
            LogSource source,
            AccessConfig.LogConfig config,
            ByteBufAllocator allocator,
            AccessMetrics metrics) {
        this.executor = executor;
        this.source = source;
        this.config = config;
        this.allocator = allocator;
        this.metrics = metrics;
    }

    /** Begins to look for what went missing; any thread. */
    void start(List<LoopLogs> allLoops) {
        long period = config.check().toMillis();
        loops.addAll(allLoops);
        var _ = executor.scheduleWithFixedDelay(this::check, period, period, TimeUnit.MILLISECONDS);
    }

    /** Logs followed; any thread. */
    int followed() {
        return followed;
    }

    /** Bytes of frames in memory; any thread. */
    long bytes() {
        return bytes;
    }

    /** Groups known to have a log; any thread. */
    int groups() {
        return marked;
    }

    /** The loop follows the log from now on; any thread. */
    void open(LoopLogs loop, LogKey key) {
        Async.execute(
                executor,
                () -> {
                    if (!closed) {
                        FollowedLog one =
                                logs.computeIfAbsent(
                                        key,
                                        k ->
                                                new FollowedLog(
                                                        k, executor, source, config, allocator,
                                                        metrics));
                        followed = logs.size();
                        if (key.log().equals(LogKey.ALL)) {
                            groupsOf(key.app()).add(loop, () -> one.add(loop));
                        } else {
                            one.add(loop);
                        }
                    }
                });
    }

    /** Every device follows the log of its app, so no device waits for an app without it. */
    private MarkedGroups groupsOf(String app) {
        return groups.computeIfAbsent(app, _ -> new MarkedGroups(app, executor, source, metrics));
    }

    /** The loop follows the log no longer; any thread. */
    void close(LoopLogs loop, LogKey key) {
        Async.execute(
                executor,
                () -> {
                    FollowedLog one = logs.get(key);
                    if (one != null && one.remove(loop)) {
                        logs.remove(key);
                        followed = logs.size();
                        one.close();
                    }
                    MarkedGroups ofApp = groups.get(key.app());
                    if (ofApp != null && key.log().equals(LogKey.ALL) && ofApp.remove(loop)) {
                        groups.remove(key.app());
                        ofApp.close();
                    }
                });
    }

    /** What a dispatcher published; any thread, never blocks. */
    void accept(NodeMessage.OfLogs message) {
        if (queued.incrementAndGet() > MAX_QUEUED) {
            queued.decrementAndGet();
            metrics.dropped.increment(sizeOf(message));
            return;
        }
        Async.execute(
                executor,
                () -> {
                    queued.decrementAndGet();
                    switch (message) {
                        case NodeMessage.Broadcasts broadcasts -> route(broadcasts);
                        case NodeMessage.Recalled recalled -> route(recalled);
                    }
                });
    }

    private static int sizeOf(NodeMessage.OfLogs message) {
        return switch (message) {
            case NodeMessage.Broadcasts broadcasts -> broadcasts.broadcasts().size();
            case NodeMessage.Recalled _ -> 1;
        };
    }

    private void route(NodeMessage.Recalled recalled) {
        FollowedLog one = logs.get(recalled.log());
        if (one != null) {
            one.recalled(recalled.position(), recalled.id(), recalled.recalls());
        }
    }

    private void route(NodeMessage.Broadcasts message) {
        for (NodeMessage.TimedBroadcast timed : message.broadcasts()) {
            LogKey key = timed.broadcast().log();
            FollowedLog one = logs.get(key);
            if (one == null) {
                found(key); // who follows it now reads it from Redis
            } else {
                metrics.broadcasts.increment();
                one.receive(timed.broadcast());
            }
        }
        for (NodeMessage.TimedBroadcast timed : message.broadcasts()) {
            FollowedLog one = logs.get(timed.broadcast().log());
            if (one != null) {
                one.handOn();
            }
        }
    }

    private void found(LogKey key) {
        String group = key.group();
        MarkedGroups ofApp = groups.get(key.app());
        if (group != null && ofApp != null) {
            ofApp.found(group);
        }
    }

    private void check() {
        try {
            for (LoopLogs loop : loops) {
                Async.execute(loop.executor(), loop::dropIdle);
            }
            bytes = logs.values().stream().mapToLong(FollowedLog::bytes).sum();
            marked = groups.values().stream().mapToInt(MarkedGroups::size).sum();
            if (!checking && !logs.isEmpty()) {
                checking = true;
                Async.on(
                        executor,
                        source.ends(List.copyOf(logs.keySet())),
                        this::checked,
                        this::checkFailed);
            }
        } catch (RuntimeException e) {
            // A periodic task that throws is never run again.
            metrics.error(AccessError.LOOP_FAILED);
            log.error("checking the broadcast logs failed", e);
        }
    }

    private void checked(Map<LogKey, LogEnd> ends) {
        checking = false;
        ends.forEach(
                (key, end) -> {
                    FollowedLog one = logs.get(key);
                    if (one != null) {
                        one.checked(end);
                    }
                    MarkedGroups ofApp = groups.get(key.app());
                    if (ofApp != null && key.log().equals(LogKey.ALL)) {
                        ofApp.checked(end.groupsAt());
                    }
                });
    }

    private void checkFailed(Throwable cause) {
        checking = false;
        metrics.error(AccessError.LOG_FAILED);
        log.debug("the ends of the broadcast logs could not be read", cause);
    }

    /** Lets go of everything, for good; any thread but an event loop's, waits a few seconds. */
    @Override
    public void close() {
        await(executor, this::release);
        loops.forEach(loop -> await(loop.executor(), loop::close));
    }

    /** The same for the hub itself, on its thread. */
    void release() {
        closed = true;
        groups.values().forEach(MarkedGroups::close);
        groups.clear();
        logs.values().forEach(FollowedLog::close);
        logs.clear();
    }

    private static void await(EventExecutor on, Runnable task) {
        try {
            var _ = on.submit(task).awaitUninterruptibly(1_000);
        } catch (RejectedExecutionException e) {
            log.debug("an event loop was gone before its logs", e);
        }
    }
}
