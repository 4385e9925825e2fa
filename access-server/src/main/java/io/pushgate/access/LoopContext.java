package io.pushgate.access;

import io.netty.util.concurrent.EventExecutor;
import io.pushgate.protocol.Priority;
import io.pushgate.runtime.LaneQueue;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What the connections of one event loop share; used on that loop, but for {@link #submit}. */
final class LoopContext {
    private static final Logger log = LoggerFactory.getLogger(LoopContext.class);
    private static final Duration TICK = Duration.ofMillis(100);

    /** About 100 s a turn: longer than every timer but the tokens'. */
    private static final int SLOTS = 1024;

    /** Pages in memory at once: 256 KiB each, unless a single message is all a page holds. */
    private static final int MAX_FETCHES = 64;

    /** Deliveries that wait for the loop, at most. */
    private static final int MAX_QUEUED = 100_000;

    private final int index;
    private final EventExecutor executor;
    private final NodeClock clock;
    private final AccessMetrics metrics;
    private final TimingWheel wheel;
    private final AckBatcher acks;
    private final FetchGate gate;
    private final LoopLogs logs;
    private final CursorSaver cursors;
    private final ArrayList<Connection> unflushed = new ArrayList<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final LaneQueue<Runnable> batches = new LaneQueue<>(Priority.values().length);

    /** When the next tick should be. */
    private long tickDueNanos;

    LoopContext(
            int index,
            EventExecutor executor,
            NodeClock clock,
            AckBatcher acks,
            LoopLogs logs,
            CursorSaver cursors,
            AccessMetrics metrics) {
        this.clock = clock;
        this.metrics = metrics;
        this.gate = new FetchGate(MAX_FETCHES, metrics.fetchesWaiting);
        this.index = index;
        this.executor = executor;
        this.wheel = new TimingWheel(clock.ticker(), TICK, SLOTS);
        this.acks = acks;
        this.logs = logs;
        this.cursors = cursors;
    }

    /** Has the wheel turn from now on. */
    void start() {
        long tick = TICK.toMillis();
        tickDueNanos = clock.nanos() + TICK.toNanos();
        var _ = executor.scheduleAtFixedRate(this::tick, tick, tick, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        // A loop that was held up makes up for each tick, so each counts by what it was late.
        metrics.loopDelay(clock.nanos() - tickDueNanos);
        tickDueNanos += TICK.toNanos();
        try {
            wheel.advance();
            flushAll();
        } catch (RuntimeException e) {
            // A periodic task that throws is never run again, and with it went every timer.
            metrics.error(AccessError.LOOP_FAILED);
            log.error("the timers of an event loop failed", e);
        }
    }

    int index() {
        return index;
    }

    EventExecutor executor() {
        return executor;
    }

    TimingWheel wheel() {
        return wheel;
    }

    AckBatcher acks() {
        return acks;
    }

    LoopLogs logs() {
        return logs;
    }

    CursorSaver cursors() {
        return cursors;
    }

    FetchGate gate() {
        return gate;
    }

    /** Has the connection flushed at the end of this pass. */
    void flushLater(Connection connection) {
        unflushed.add(connection);
    }

    /** Flushes every connection written to in this pass, each once. */
    void flushAll() {
        for (int i = 0; i < unflushed.size(); i++) {
            unflushed.get(i).endOfPass();
        }
        unflushed.clear();
    }

    /**
     * Runs a batch of deliveries on the loop, the more urgent of those that wait first; any thread.
     *
     * @return false where the loop has too many already, or has shut down
     */
    boolean submit(Priority lane, int deliveries, Runnable batch) {
        if (queued.addAndGet(deliveries) > MAX_QUEUED) {
            queued.addAndGet(-deliveries);
            return false;
        }
        metrics.deliveriesQueued.addAndGet(deliveries);
        batches.add(
                lane.lane(),
                () -> {
                    queued.addAndGet(-deliveries);
                    metrics.deliveriesQueued.addAndGet(-deliveries);
                    batch.run();
                });
        return Async.execute(executor, this::runNext);
    }

    /** One batch a task, as many tasks as batches; which of them it is, is decided only here. */
    private void runNext() {
        Runnable batch = batches.poll();
        try {
            if (batch != null) {
                batch.run();
            }
        } finally {
            flushAll();
        }
    }
}
