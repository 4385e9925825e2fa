package io.pushgate.runtime;

import java.util.concurrent.TimeUnit;

/**
 * Lets urgent work pass: whoever is about to begin a piece of less urgent work waits until no more
 * urgent one is under way, but not for long, so that it goes on, if slowly, also where there always
 * is one. Any thread.
 */
public final class LaneGate {
    private final int[] busy;
    private final long mostNanos;

    /** Work under way; closed by the thread that began it. */
    public final class Pass implements AutoCloseable {
        private final int lane;

        private Pass(int lane) {
            this.lane = lane;
        }

        @Override
        public void close() {
            leave(lane);
        }
    }

    /**
     * @param lanes how many there are; they are numbered from 0, the most urgent
     * @param mostMillis how long a piece of work waits at most
     */
    public LaneGate(int lanes, long mostMillis) {
        this.busy = new int[lanes];
        this.mostNanos = TimeUnit.MILLISECONDS.toNanos(mostMillis);
    }

    /** Waits for its turn; the most urgent lane never does. */
    public synchronized Pass enter(int lane) throws InterruptedException {
        long end = System.nanoTime() + mostNanos;
        while (isPassed(lane)) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                break;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        busy[lane]++;
        return new Pass(lane);
    }

    private boolean isPassed(int lane) {
        for (int other = 0; other < lane; other++) {
            if (busy[other] > 0) {
                return true;
            }
        }
        return false;
    }

    private synchronized void leave(int lane) {
        busy[lane]--;
        notifyAll();
    }
}
