package io.pushgate.loadtest;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/** The latencies of the last second, for the progress line; event loops write, one thread reads. */
final class Meter {
    private static final int DIGITS = 2;

    private final Schedule schedule;
    private final Recorder recorder = new Recorder(DIGITS);
    private @Nullable Histogram recycled;
    private volatile long start;

    Meter(Schedule schedule) {
        this.schedule = schedule;
    }

    /** When message 0 is due; to be set before the first one goes. */
    void start(long nanos) {
        start = nanos;
    }

    void received(int message, long nanos) {
        recorder.recordValue(Latencies.micros(nanos - start - schedule.offset(message)));
    }

    /** What came since the last call. */
    Latency sinceLast() {
        recycled = recorder.getIntervalHistogram(recycled);
        return Latency.of(recycled);
    }
}
