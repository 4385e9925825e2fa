package io.pushgate.access;

import io.netty.util.concurrent.EventExecutor;
import io.pushgate.mailbox.GroupLogs;
import io.pushgate.runtime.Backoff;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The groups of one app that have a broadcast log, as this node knows it: all of them at first,
 * then those that come to it, by a message or by asking. So what a node does grows with the logs
 * there are and not with the groups. On the thread of the {@link LogHub}.
 */
final class MarkedGroups {
    /** Asked for again: a mark may be written a while after its time. */
    private static final Duration OVERLAP = Duration.ofMinutes(1);

    private static final Backoff RETRY = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

    private final String app;
    private final EventExecutor executor;
    private final LogSource source;
    private final AccessMetrics metrics;
    private final Set<String> known = new HashSet<>();
    private final Set<LoopLogs> loops = new LinkedHashSet<>();

    /** What waits for the first answer of Redis. */
    private final List<Runnable> waiting = new ArrayList<>();

    /** When Redis answered last, by its clock; 0 before that. */
    private long askedAt;

    /** When a group was marked last, as far as it was asked for. */
    private long markedAt;

    /** The same once the question under way is answered. */
    private long asksOf;

    private boolean asking;
    private boolean closed;
    private int failures;

    MarkedGroups(String app, EventExecutor executor, LogSource source, AccessMetrics metrics) {
        this.app = app;
        this.executor = executor;
        this.source = source;
        this.metrics = metrics;
    }

    /** Groups with a log. */
    int size() {
        return known.size();
    }

    /**
     * The loop is told what is known now, once that is anything, and of what comes to it.
     *
     * @param then run after that
     */
    void add(LoopLogs loop, Runnable then) {
        loops.add(loop);
        if (askedAt > 0) {
            tell(loop, known);
            then.run();
        } else {
            waiting.add(then);
            if (!asking) {
                ask();
            }
        }
    }

    /** Returns whether that was the last loop. */
    boolean remove(LoopLogs loop) {
        loops.remove(loop);
        return loops.isEmpty();
    }

    /** A message for the group's log has come. */
    void found(String group) {
        if (known.add(group) && askedAt > 0) {
            loops.forEach(loop -> tell(loop, Set.of(group)));
        }
    }

    /**
     * Looks for groups whose first message went missing on its way here.
     *
     * @param at when something was about to go into the log of any group last
     */
    void checked(long at) {
        if (askedAt > 0 && !asking && at != markedAt) {
            asksOf = at;
            ask();
        }
    }

    private void ask() {
        asking = true;
        long since = Math.max(0, askedAt - OVERLAP.toMillis());
        Async.on(executor, source.groupLogs(app, since), this::answered, this::failed);
    }

    private void answered(GroupLogs found) {
        asking = false;
        failures = 0;
        boolean first = askedAt == 0;
        askedAt = found.at();
        markedAt = asksOf;
        Set<String> fresh = new HashSet<>(found.groups());
        fresh.removeAll(known);
        known.addAll(fresh);
        if (first) {
            loops.forEach(loop -> tell(loop, known));
            waiting.forEach(Runnable::run);
            waiting.clear();
        } else if (!fresh.isEmpty()) {
            loops.forEach(loop -> tell(loop, fresh));
        }
    }

    private void failed(Throwable cause) {
        asking = false;
        metrics.error(AccessError.LOG_FAILED);
        if (askedAt == 0 && !closed) {
            asking = true;
            var _ =
                    executor.schedule(
                            this::askAgain,
                            RETRY.pause(++failures).toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    private void askAgain() {
        if (!closed) {
            ask();
        }
    }

    private void tell(LoopLogs loop, Set<String> groups) {
        if (!groups.isEmpty()) {
            Set<String> copy = Set.copyOf(groups);
            Async.execute(loop.executor(), () -> loop.groups().marked(app, copy));
        }
    }

    void close() {
        closed = true;
        waiting.clear();
        loops.clear();
    }
}
