package io.pushgate.access;

import io.netty.util.concurrent.EventExecutor;
import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.Position;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The broadcast logs that sessions of one event loop follow. One thread only, that of the loop;
 * what it asks the {@link LogHub} for comes back as a task.
 */
final class LoopLogs {
    /** A log that nobody follows is kept for so long: devices come back. */
    private static final Duration KEEP_EMPTY = Duration.ofMinutes(1);

    private final EventExecutor executor;
    private final LogHub hub;
    private final AccessMetrics metrics;
    private final NodeClock clock;
    private final Map<LogKey, LoopLog> open = new HashMap<>();
    private final Map<LogKey, List<Consumer<LoopLog>>> opening = new HashMap<>();
    private final LoopGroups groups = new LoopGroups();
    private boolean closed;

    LoopLogs(EventExecutor executor, LogHub hub, AccessMetrics metrics, NodeClock clock) {
        this.executor = executor;
        this.hub = hub;
        this.metrics = metrics;
        this.clock = clock;
    }

    EventExecutor executor() {
        return executor;
    }

    /** Which groups have a log. */
    LoopGroups groups() {
        return groups;
    }

    /**
     * Follows a log; {@code ready} is called once its end is known, at once where it is followed
     * already, and not before Redis has answered.
     */
    void follow(LogKey key, Consumer<LoopLog> ready) {
        LoopLog log = open.get(key);
        if (log != null) {
            ready.accept(log);
            return;
        }
        List<Consumer<LoopLog>> waiting = opening.get(key);
        if (waiting == null) {
            waiting = new ArrayList<>(1);
            opening.put(key, waiting);
            hub.open(this, key);
        }
        waiting.add(ready);
    }

    /** No longer waits for the log. */
    void forget(LogKey key, Consumer<LoopLog> ready) {
        List<Consumer<LoopLog>> waiting = opening.get(key);
        if (waiting != null) {
            waiting.remove(ready);
        }
    }

    /** From the hub: the log as it is now, with a reference to each entry. */
    void opened(LogKey key, LogTail tail) {
        List<Consumer<LoopLog>> waiting = opening.remove(key);
        LoopLog log = new LoopLog(key, tail, executor, metrics, clock);
        if (closed || waiting == null) {
            log.close();
            return;
        }
        open.put(key, log);
        waiting.forEach(ready -> ready.accept(log));
    }

    /** From the hub: more of the log, see {@link LoopLog#append}. */
    void append(LogKey key, List<LogEntry> entries, Position upTo) {
        LoopLog log = open.get(key);
        if (log == null) {
            entries.forEach(LogEntry::release); // closed, or about to be opened with these in it
        } else {
            log.append(entries, upTo);
        }
    }

    /** From the hub, see {@link LoopLog#recall}. */
    void recall(LogKey key, Position position, String id) {
        LoopLog log = open.get(key);
        if (log != null) {
            log.recall(position, id);
        }
    }

    /** From the hub, see {@link LoopLog#forget}. */
    void forget(LogKey key) {
        LoopLog log = open.get(key);
        if (log != null) {
            log.forget();
        }
    }

    /** Lets go of logs that nobody has followed for a while. */
    void dropIdle() {
        Iterator<LoopLog> logs = open.values().iterator();
        while (logs.hasNext()) {
            LoopLog log = logs.next();
            if (log.emptyFor() > KEEP_EMPTY.toNanos()) {
                logs.remove();
                log.close();
                if (log.key().log().equals(LogKey.ALL)) {
                    groups.forget(log.key().app());
                }
                hub.close(this, log.key());
            }
        }
    }

    /** Lets go of everything, for good. */
    void close() {
        closed = true;
        open.values().forEach(LoopLog::close);
        open.clear();
    }
}
