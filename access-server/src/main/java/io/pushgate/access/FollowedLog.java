package io.pushgate.access;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import io.pushgate.mailbox.LogEnd;
import io.pushgate.mailbox.LogPage;
import io.pushgate.protocol.Broadcast;
import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;
import io.pushgate.runtime.Backoff;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One broadcast log as this node knows it: its newest messages, encoded, without a gap. Opens with
 * what Redis holds, so that devices that come back find it in memory; a message that does not
 * follow the one before has the log fetched up to there. On the thread of the {@link LogHub}.
 */
final class FollowedLog {
    /** Messages of one fetch; it ends earlier where they are large. */
    private static final int PAGE = 256;

    private static final Backoff RETRY = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

    private final LogKey key;
    private final EventExecutor executor;
    private final LogSource source;
    private final AccessConfig.LogConfig config;
    private final AccessMetrics metrics;
    private final FrameChunks chunks;
    private final Set<LoopLogs> loops = new LinkedHashSet<>();
    private final List<LogEntry> fresh = new ArrayList<>();

    /** Null until Redis has answered for the first time. */
    private @Nullable LogTail tail;

    /** The newest message that is known to be, or to have been, in the log. */
    private Position announced = Position.NONE;

    /** What had been announced when the fetch under way began. */
    private Position fetchCovers = Position.NONE;

    private boolean fetching;
    private boolean closed;
    private int failures;

    /** Recalls in this log that are seen to here. */
    private long recalls;

    /** Of messages that are still to come. */
    private final Recalls early = new Recalls();

    FollowedLog(
            LogKey key,
            EventExecutor executor,
            LogSource source,
            AccessConfig.LogConfig config,
            ByteBufAllocator allocator,
            AccessMetrics metrics) {
        this.key = key;
        this.executor = executor;
        this.source = source;
        this.config = config;
        this.metrics = metrics;
        this.chunks = new FrameChunks(allocator);
    }

    long bytes() {
        return tail == null ? 0 : tail.bytes();
    }

    /** The loop is told of the log as soon as it is known, and of all that follows. */
    void add(LoopLogs loop) {
        loops.add(loop);
        if (tail != null) {
            handOn(); // what is in the copy must not come again
            open(loop, tail);
        } else if (!fetching) {
            fetch();
        }
    }

    /** Returns whether that was the last loop. */
    boolean remove(LoopLogs loop) {
        loops.remove(loop);
        return loops.isEmpty();
    }

    /** A message from a dispatcher; {@link #handOn} has to follow. */
    void receive(Broadcast broadcast) {
        Position previous = broadcast.previous();
        if (tail == null || fetching || closed) {
            know(broadcast.position());
        } else if (!broadcast.position().isAfter(tail.last())) {
            metrics.duplicates.increment();
        } else if (previous.isAfter(tail.last()) || previous.equals(Position.NONE)) {
            // NONE stands for "unknown" as well as for "the first", and only Redis can tell.
            metrics.logGaps.increment();
            announced(broadcast.position());
        } else {
            unpack(broadcast);
        }
    }

    private void unpack(Broadcast broadcast) {
        Message message = source.unpack(key, broadcast.message());
        if (message == null) {
            announced(broadcast.position());
        } else {
            append(broadcast.with(message));
        }
    }

    /**
     * A message was taken back. Where the message itself is still to come, it comes as one for
     * nobody.
     *
     * @param count recalls in the log, this one included
     */
    void recalled(Position position, String id, long count) {
        LogTail known = tail;
        if (known == null || closed) {
            return; // what Redis shows then, or the next check, has it
        }
        handOn();
        if (count > recalls + 1) {
            forget(known);
        }
        recalls = Math.max(recalls, count);
        if (position.isAfter(known.last())) {
            early.add(position);
            return;
        }
        known.recall(position);
        for (LoopLogs loop : loops) {
            Async.execute(loop.executor(), () -> loop.recall(key, position, id));
        }
    }

    /** What Redis says of the log: catches up with whatever was missed. */
    void checked(LogEnd end) {
        LogTail known = tail;
        if (known != null && !closed) {
            if (end.recalls() > recalls) {
                handOn();
                forget(known);
            }
            recalls = end.recalls(); // less, where a failover lost some
        }
        announced(end.position());
    }

    /** Something here was taken back, nobody knows what. */
    private void forget(LogTail known) {
        metrics.logGaps.increment();
        known.restart(known.last());
        for (LoopLogs loop : loops) {
            Async.execute(loop.executor(), () -> loop.forget(key));
        }
    }

    /** The log reaches at least this far: fetches what is missing here. */
    void announced(Position position) {
        know(position);
        if (tail != null && !fetching && !closed && announced.isAfter(tail.last())) {
            fetch();
        }
    }

    private void know(Position position) {
        if (position.isAfter(announced)) {
            announced = position;
        }
    }

    private void append(Broadcast broadcast) {
        LogTail known = tail;
        if (known != null) {
            LogEntry entry = chunks.encode(broadcast);
            if (early.take(broadcast.position())) {
                entry = entry.recalled();
            }
            entry.retain();
            if (known.append(entry)) {
                fresh.add(entry);
            } else {
                entry.release();
            }
        }
    }

    /** Gives the loops what came since the last call. */
    void handOn() {
        LogTail known = tail;
        if (known != null && !fresh.isEmpty()) {
            handOn(known.last());
        }
    }

    private void handOn(Position upTo) {
        List<LogEntry> entries = List.copyOf(fresh);
        fresh.clear();
        for (LoopLogs loop : loops) {
            entries.forEach(LogEntry::retain);
            if (!Async.execute(loop.executor(), () -> loop.append(key, entries, upTo))) {
                entries.forEach(LogEntry::release);
            }
        }
        entries.forEach(LogEntry::release);
    }

    private void open(LoopLogs loop, LogTail known) {
        LogTail copy = newTail(known.floor());
        known.copy().forEach(copy::append);
        if (!Async.execute(loop.executor(), () -> loop.opened(key, copy))) {
            copy.restart(known.last());
        }
    }

    private LogTail newTail(Position last) {
        return new LogTail(config.tailMessages(), config.tailBytes(), last);
    }

    private void fetch() {
        fetching = true;
        fetchCovers = announced;
        LogTail known = tail;
        metrics.logFetches.increment();
        Async.on(
                executor,
                known == null ? source.newest(key, PAGE) : source.fetch(key, known.last(), PAGE),
                this::fetched,
                this::fetchFailed);
    }

    private void fetched(LogPage page) {
        fetching = false;
        failures = 0;
        if (closed) {
            return;
        }
        LogTail known = tail;
        if (known == null) {
            known =
                    newTail(
                            page.entries().isEmpty()
                                    ? page.tail()
                                    : page.entries().getFirst().previous());
            tail = known;
            recalls = page.recalls();
            page.entries().forEach(this::append);
            fresh.forEach(LogEntry::release); // they go out with the copies below
            fresh.clear();
            for (LoopLogs loop : loops) {
                open(loop, known);
            }
        } else {
            page.entries().forEach(this::append);
            Position reached = page.more() ? page.end() : page.tail();
            if (reached.isAfter(known.last())) {
                known.restart(reached); // the rest is no longer kept, or unreadable
            }
            handOn(known.last());
        }
        if (!page.more() && !announced.isAfter(fetchCovers)) {
            announced = known.last(); // what is not in Redis by now was lost by it
        }
        announced(announced);
    }

    private void fetchFailed(Throwable cause) {
        metrics.error(AccessError.LOG_FAILED);
        var _ =
                executor.schedule(
                        () -> {
                            fetching = false;
                            if (!closed) {
                                fetch();
                            }
                        },
                        RETRY.pause(++failures).toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    void close() {
        closed = true;
        fresh.forEach(LogEntry::release);
        fresh.clear();
        if (tail != null) {
            tail.restart(tail.last());
        }
        chunks.close();
    }
}
