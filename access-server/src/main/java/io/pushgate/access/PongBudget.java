package io.pushgate.access;

import java.util.concurrent.TimeUnit;

/** How many pings of one client are answered: 10 a second. One thread only. */
final class PongBudget {
    private static final int MAX_A_SECOND = 10;

    private long secondStartedAt;
    private int used;

    /**
     * @param now a reading of the ticker, as everywhere here
     */
    PongBudget(long now) {
        secondStartedAt = now;
    }

    boolean take(long now) {
        if (now - secondStartedAt >= TimeUnit.SECONDS.toNanos(1)) {
            secondStartedAt = now;
            used = 0;
        }
        if (used == MAX_A_SECOND) {
            return false;
        }
        used++;
        return true;
    }
}
