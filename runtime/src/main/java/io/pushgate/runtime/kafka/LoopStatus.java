package io.pushgate.runtime.kafka;

import io.pushgate.runtime.Health;
import io.pushgate.runtime.Ticker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** How a consumer loop is doing: written by its poll thread, read by any. */
final class LoopStatus {
    /**
     * Kafka is asked every 3 s; two answers in a row have to be missing, so that an outage shows
     * within 10 s and one slow answer doesn't.
     */
    static final Duration SILENCE = Duration.ofSeconds(8);

    private final String name;
    private final Ticker ticker;
    private volatile Phase phase = Phase.NOT_STARTED;
    private volatile @Nullable String error;
    private volatile @Nullable String problem;
    private volatile @Nullable Long lastAnswer;
    private volatile @Nullable Long uncommittedSince;

    enum Phase {
        NOT_STARTED,
        RUNNING,
        STOPPED
    }

    LoopStatus(String topic, Ticker ticker) {
        this.name = "kafka consumer " + topic;
        this.ticker = ticker;
    }

    void enter(Phase now) {
        phase = now;
    }

    /** The last poll or question failed like this. */
    void failed(Throwable cause) {
        error = Causes.describe(cause);
    }

    /** Polls succeed again. */
    void recovered() {
        error = null;
    }

    /** What is wrong although Kafka answers, or null for nothing. */
    void problem(@Nullable String what) {
        problem = what;
    }

    /** Kafka answered just now. */
    void answered() {
        lastAnswer = ticker.nanos();
    }

    /** Whether a watermark that moved waits for its commit. */
    void uncommitted(boolean waiting) {
        if (!waiting) {
            uncommittedSince = null;
        } else if (uncommittedSince == null) {
            uncommittedSince = ticker.nanos();
        }
    }

    Health.Check check() {
        String seen = error != null ? error : problem;
        Long answer = lastAnswer;
        Long waiting = uncommittedSince;
        if (phase != Phase.RUNNING) {
            return Health.Check.failing(
                    name, phase == Phase.STOPPED ? "has stopped" : "not started yet");
        }
        if (seen != null) {
            return Health.Check.failing(name, seen);
        }
        if (answer == null) {
            return Health.Check.failing(name, "Kafka has not answered yet");
        }
        if (isLongAgo(answer)) {
            return Health.Check.failing(name, "Kafka has not answered for " + secondsSince(answer));
        }
        if (waiting != null && isLongAgo(waiting)) {
            return Health.Check.failing(name, "no commit succeeded for " + secondsSince(waiting));
        }
        return Health.Check.ok(name, "reads and commits");
    }

    private boolean isLongAgo(long nanos) {
        return ticker.nanos() - nanos > SILENCE.toNanos();
    }

    private String secondsSince(long nanos) {
        return Duration.ofNanos(ticker.nanos() - nanos).toSeconds() + " s";
    }
}
