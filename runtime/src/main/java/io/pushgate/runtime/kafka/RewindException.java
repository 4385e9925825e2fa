package io.pushgate.runtime.kafka;

import java.time.Duration;

/**
 * Thrown by a {@link BatchHandler} that has learned that what it did lately is lost: its partitions
 * are read again from where they stood so long ago. Everything polled is let go of, this batch
 * included, and the next batch is the first of what is read again.
 */
public final class RewindException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration back;

    /**
     * @param back at most {@link PositionHistory#LONGEST}; what was handled longer ago may not come
     *     again
     */
    public RewindException(Duration back, Throwable cause) {
        super("the last " + back.toMillis() + " ms have to be done again", cause);
        this.back = back;
    }

    /** How far to go back. */
    public Duration back() {
        return back;
    }
}
