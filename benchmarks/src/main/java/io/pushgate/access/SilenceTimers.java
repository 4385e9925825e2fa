package io.pushgate.access;

import java.util.concurrent.TimeUnit;

/**
 * One way to notice that a connection has gone silent. Called by one thread, the connections' event
 * loop.
 */
interface SilenceTimers extends AutoCloseable {
    /**
     * Time runs ten times as fast as in a gateway, whose tick is 100 ms and whose connections are
     * cut after 45 s of silence: so a tick has as many reads, and a timeout as many ticks.
     */
    long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    long SILENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(4_500);

    int SLOTS = 1024;

    /** A connection that is there from now on; called once for each number below the count. */
    void connect(int connection);

    /** A frame has come in. */
    void read(int connection);

    /** What the event loop has to do each tick. */
    void tick();

    /** How many connections were found silent. */
    long expired();

    /** CPU time of threads besides the event loop's, in nanoseconds. */
    default long otherCpuNanos() {
        return 0;
    }

    @Override
    void close();
}
