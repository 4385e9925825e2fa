package io.pushgate.access;

import io.pushgate.runtime.Ticker;

import java.time.Duration;

/** The gateway's own wheel: a read sets a field, the wheel looks when it gets there. */
final class WheelTimers implements SilenceTimers {
    private final TimingWheel wheel =
            new TimingWheel(Ticker.system(), Duration.ofNanos(TICK_NANOS), SLOTS);
    private final Connection[] connections;
    private final long silenceNanos;
    private long expired;

    private final class Connection extends TimingWheel.Entry {
        private long silentAt;

        @Override
        long expire(long now) {
            if (silentAt - now > 0) {
                return silentAt;
            }
            expired++;
            return TimingWheel.NEVER;
        }
    }

    WheelTimers(int count, long silenceNanos) {
        this.silenceNanos = silenceNanos;
        connections = new Connection[count];
    }

    @Override
    public void connect(int connection) {
        Connection connected = new Connection();
        connections[connection] = connected;
        read(connection);
        wheel.schedule(connected, connected.silentAt);
    }

    @Override
    public void read(int connection) {
        connections[connection].silentAt = wheel.now() + silenceNanos;
    }

    @Override
    public void tick() {
        wheel.advance();
    }

    @Override
    public long expired() {
        return expired;
    }

    @Override
    public void close() {
        for (Connection connection : connections) {
            wheel.cancel(connection);
        }
    }
}
