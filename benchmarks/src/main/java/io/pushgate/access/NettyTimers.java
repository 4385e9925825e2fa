package io.pushgate.access;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.TimerTask;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Netty's {@link HashedWheelTimer}, which has a thread of its own. A gateway would still have to
 * send what expires over to the event loop; that is not counted here.
 */
final class NettyTimers implements SilenceTimers {
    private static final VarHandle SILENT_AT;

    static {
        try {
            SILENT_AT =
                    MethodHandles.lookup().findVarHandle(Connection.class, "silentAt", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long silenceNanos;
    private final boolean lazy;
    private final AtomicLong expired = new AtomicLong();
    private final AtomicLong workerId = new AtomicLong();
    private final HashedWheelTimer timer;
    private final Connection[] connections;

    private final class Connection implements TimerTask {
        private @Nullable Timeout timeout;

        @SuppressWarnings("UnusedVariable") // Read through SILENT_AT.
        private long silentAt;

        void arm(long nanos) {
            timeout = timer.newTimeout(this, nanos, TimeUnit.NANOSECONDS);
        }

        void rearm() {
            Timeout armed = timeout;
            if (armed != null) {
                armed.cancel();
            }
            arm(silenceNanos);
        }

        @Override
        public void run(Timeout fired) {
            long left = lazy ? (long) SILENT_AT.getAcquire(this) - System.nanoTime() : 0;
            if (left > 0) {
                arm(left);
            } else {
                expired.incrementAndGet();
            }
        }
    }

    /**
     * @param lazy whether a read only sets a field that the timer looks at; else it cancels the
     *     timeout and makes a new one
     */
    NettyTimers(int count, long silenceNanos, boolean lazy) {
        this.silenceNanos = silenceNanos;
        this.lazy = lazy;
        this.timer =
                new HashedWheelTimer(
                        task -> {
                            Thread worker = new Thread(task, "wheel");
                            workerId.set(worker.threadId());
                            return worker;
                        },
                        TICK_NANOS,
                        TimeUnit.NANOSECONDS,
                        SLOTS);
        connections = new Connection[count];
    }

    @Override
    public void connect(int connection) {
        Connection connected = new Connection();
        connections[connection] = connected;
        SILENT_AT.setRelease(connected, System.nanoTime() + silenceNanos);
        connected.arm(silenceNanos);
    }

    @Override
    public void read(int connection) {
        if (lazy) {
            SILENT_AT.setRelease(connections[connection], System.nanoTime() + silenceNanos);
        } else {
            connections[connection].rearm();
        }
    }

    @Override
    public void tick() {
        // The timer's own thread does it.
    }

    @Override
    public long expired() {
        return expired.get();
    }

    @Override
    public long otherCpuNanos() {
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(workerId.get());
    }

    @Override
    public void close() {
        timer.stop();
    }
}
