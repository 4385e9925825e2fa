package io.pushgate.runtime;

/**
 * A monotonic clock for timers and deadlines; only differences between two readings mean something.
 */
@FunctionalInterface
public interface Ticker {
    /** The current reading in nanoseconds; any thread. */
    long nanos();

    /** The ticker of the running JVM. */
    static Ticker system() {
        return System::nanoTime;
    }
}
