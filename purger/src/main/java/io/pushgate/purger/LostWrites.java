package io.pushgate.purger;

import io.pushgate.runtime.kafka.RewindException;
import io.pushgate.runtime.redis.HistoryChangedException;

import java.time.Duration;

/**
 * What to do when Redis may have lost its newest writes.
 *
 * @param replay how much is to be done again; zero for nothing
 */
record LostWrites(Duration replay) {
    /**
     * Before anything goes to the new primary, so that what it lacks gets there first and in order.
     * With replicas demanded, too: one of several may have confirmed to a primary that was no
     * longer to be one.
     *
     * @throws RewindException if the failure says so
     */
    void rewindIfLost(Throwable failure) {
        if (failure instanceof HistoryChangedException && !replay.isZero()) {
            throw new RewindException(replay, failure);
        }
    }
}
