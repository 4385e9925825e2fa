package io.pushgate.purger;

import io.pushgate.protocol.Priority;
import io.pushgate.runtime.LaneQueue;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * The expansions that wait for their next chunk: the more urgent first, those of one priority in
 * turn; of those with the same {@link Expansion.Order} the first alone, until it is finished. Any
 * thread. Bounded by what the consumer has in flight.
 */
final class ExpansionQueue {
    private final LaneQueue<Expansion> ready = new LaneQueue<>(Priority.values().length);
    private final Map<Expansion.Order, Queue<Expansion>> behind = new HashMap<>();

    synchronized void add(Expansion expansion) {
        Queue<Expansion> others = behind.get(expansion.order());
        if (others == null) {
            behind.put(expansion.order(), new ArrayDeque<>());
            ready.add(expansion.lane(), expansion);
        } else {
            others.add(expansion);
        }
    }

    /** The one whose chunk is next, or null if none comes in time. */
    @Nullable Expansion poll(long timeout, TimeUnit unit) throws InterruptedException {
        return ready.poll(timeout, unit);
    }

    /** Puts one back that was polled and has more chunks. */
    void again(Expansion expansion) {
        ready.add(expansion.lane(), expansion);
    }

    /** One that was polled has no more chunks; the next in its order may begin. */
    synchronized void finished(Expansion expansion) {
        Queue<Expansion> others = behind.get(expansion.order());
        Expansion next = others == null ? null : others.poll();
        if (next == null) {
            behind.remove(expansion.order());
        } else {
            ready.add(next.lane(), next);
        }
    }
}
