package io.pushgate.access;

import io.netty.util.concurrent.EventExecutor;
import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.Position;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A broadcast log on one event loop: the messages in memory and the sessions that follow it. What
 * comes in is sent to all of them in turns of bounded length, so that other work of the loop gets
 * its turn in between; what comes in meanwhile goes out with it, in one write a session. One thread
 * only, that of the loop.
 */
final class LoopLog {
    /** Sessions served in one turn: about a millisecond. */
    private static final int TURN = 256;

    private final LogKey key;
    private final LogTail tail;
    private final EventExecutor executor;
    private final AccessMetrics metrics;
    private final NodeClock clock;
    private final ArrayList<LogSender> members = new ArrayList<>();

    /** The next to be served, and how many are still to be. */
    private int next;

    private int left;
    private boolean turning;
    private long roundBegan;
    private long emptySince;
    private boolean closed;

    LoopLog(
            LogKey key,
            LogTail tail,
            EventExecutor executor,
            AccessMetrics metrics,
            NodeClock clock) {
        this.key = key;
        this.tail = tail;
        this.executor = executor;
        this.metrics = metrics;
        this.clock = clock;
        this.emptySince = clock.nanos();
    }

    LogKey key() {
        return key;
    }

    LogTail tail() {
        return tail;
    }

    boolean isClosed() {
        return closed;
    }

    void enter(LogSender member) {
        member.slot = members.size();
        members.add(member);
    }

    void leave(LogSender member) {
        int slot = member.slot;
        if (slot < 0) {
            return;
        }
        member.slot = -1;
        LogSender last = members.removeLast();
        if (last != member) {
            members.set(slot, last);
            last.slot = slot;
            last.pump(); // it may have moved to where this round has been
        }
        if (members.isEmpty()) {
            emptySince = clock.nanos();
        }
    }

    /** How long nobody has followed it, in nanoseconds; 0 while somebody does. */
    long emptyFor() {
        return members.isEmpty() ? clock.nanos() - emptySince : 0;
    }

    /**
     * Takes messages, with a reference to each, and sends them.
     *
     * @param upTo the log is known up to here; what is not in the entries is no longer kept
     */
    void append(List<LogEntry> entries, Position upTo) {
        if (closed) {
            entries.forEach(LogEntry::release);
            return;
        }
        for (LogEntry entry : entries) {
            tail.append(entry);
        }
        if (upTo.isAfter(tail.last())) {
            tail.restart(upTo);
        }
        left = members.size();
        if (!turning && left > 0) {
            turning = true;
            roundBegan = clock.nanos();
            turn();
        }
    }

    /** A message was taken back: who has it on its way is told, who has not got it doesn't. */
    void recall(Position position, String id) {
        tail.recall(position);
        tell(List.copyOf(members), 0, position, id);
    }

    private void tell(List<LogSender> all, int from, Position position, String id) {
        int to = Math.min(from + TURN, all.size());
        all.subList(from, to).forEach(member -> member.recall(position, id));
        if (to < all.size()) {
            Async.execute(executor, () -> tell(all, to, position, id));
        }
    }

    /** What is in memory is not what the log holds any more: whoever needs it reads it there. */
    void forget() {
        tail.restart(tail.last());
    }

    private void turn() {
        for (int i = Math.min(TURN, left); i > 0 && !members.isEmpty(); i--) {
            if (next >= members.size()) {
                next = 0;
            }
            members.get(next++).pump();
            left--;
        }
        if (left > 0 && !members.isEmpty() && Async.execute(executor, this::turn)) {
            return;
        }
        turning = false;
        metrics.logSpread.record(clock.nanos() - roundBegan, TimeUnit.NANOSECONDS);
    }

    /** Lets the messages go. */
    void close() {
        closed = true;
        tail.restart(tail.last());
        members.forEach(member -> member.slot = -1);
        members.clear();
    }
}
