package io.pushgate.access;

import org.agrona.DeadlineTimerWheel;
import org.agrona.collections.Long2ObjectHashMap;

import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Agrona's {@link DeadlineTimerWheel}, on the event loop's thread like our own, with lazy re-check.
 * It knows timers by number, so a map leads from there to the connection.
 */
final class AgronaTimers implements SilenceTimers {
    /** The power of two next to a tick. */
    private static final long RESOLUTION = 1L << 23;

    private static final int PER_SLOT = 256;

    private final DeadlineTimerWheel wheel =
            new DeadlineTimerWheel(
                    TimeUnit.NANOSECONDS, System.nanoTime(), RESOLUTION, SLOTS, PER_SLOT);
    private final Long2ObjectHashMap<Connection> byTimer;
    private final Connection[] connections;
    private final DeadlineTimerWheel.TimerHandler handler = (_, now, timer) -> expire(now, timer);
    private final long silenceNanos;
    private long expired;

    private static final class Connection {
        long silentAt;
        long timer;
    }

    AgronaTimers(int count, long silenceNanos) {
        this.silenceNanos = silenceNanos;
        byTimer = new Long2ObjectHashMap<>(count, 0.65f);
        connections = new Connection[count];
    }

    @Override
    public void connect(int connection) {
        Connection connected = new Connection();
        connections[connection] = connected;
        read(connection);
        arm(connected);
    }

    private void arm(Connection connection) {
        connection.timer = wheel.scheduleTimer(connection.silentAt);
        byTimer.put(connection.timer, connection);
    }

    private boolean expire(long now, long timer) {
        Connection connection = Objects.requireNonNull(byTimer.remove(timer));
        if (connection.silentAt - now > 0) {
            arm(connection);
        } else {
            expired++;
        }
        return true;
    }

    @Override
    public void read(int connection) {
        connections[connection].silentAt = System.nanoTime() + silenceNanos;
    }

    @Override
    public void tick() {
        long now = System.nanoTime();
        do {
            // One call looks at one tick.
            wheel.poll(now, handler, Integer.MAX_VALUE);
        } while (wheel.currentTickTime() <= now);
    }

    @Override
    public long expired() {
        return expired;
    }

    @Override
    public void close() {
        wheel.clear();
    }
}
