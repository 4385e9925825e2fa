package io.pushgate.loadtest;

import io.pushgate.loadtest.machine.Stalls;

import org.HdrHistogram.Histogram;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The latencies of a run, from the scheduled time to the device's callback.
 *
 * @param all of every delivered message
 * @param quiet without the messages in flight in one of the stalls
 */
record Latencies(Latency all, Latency quiet) {
    private static final long MAX_MICROS = TimeUnit.HOURS.toMicros(1);
    private static final int DIGITS = 3;

    /** A histogram of microseconds. */
    static Histogram histogram() {
        return new Histogram(MAX_MICROS, DIGITS);
    }

    /** A latency as the histogram takes it: within its bounds. */
    static long micros(long nanos) {
        return Math.clamp(TimeUnit.NANOSECONDS.toMicros(nanos), 0, MAX_MICROS);
    }

    /**
     * Measures every delivered message.
     *
     * @param start when message 0 was due
     * @param stalls oldest first
     */
    static Latencies of(
            Schedule schedule, Account account, long start, List<Stalls.Interval> stalls) {
        Histogram all = histogram();
        Histogram quiet = histogram();
        int passed = 0; // Stalls that ended before this message was due, and so before all later.
        for (int i = 0; i < schedule.messages(); i++) {
            long due = start + schedule.offset(i);
            while (passed < stalls.size() && stalls.get(passed).to() - due < 0) {
                passed++;
            }
            long received = account.receivedAt(i);
            if (received == 0) {
                continue;
            }
            long micros = micros(received - due);
            all.recordValue(micros);
            boolean stalled = passed < stalls.size() && stalls.get(passed).from() - received <= 0;
            if (!stalled) {
                quiet.recordValue(micros);
            }
        }
        return new Latencies(Latency.of(all), Latency.of(quiet));
    }
}
