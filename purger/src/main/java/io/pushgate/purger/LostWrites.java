package io.pushgate.purger;

import io.pushgate.mailbox.Mailbox;
import io.pushgate.runtime.kafka.RewindException;
import io.pushgate.runtime.redis.HistoryChangedException;

import java.time.Duration;

/**
 * What to do when Redis may have lost its newest writes. Each thread that writes has its own, as
 * each has its own to make up for, and only one of them meets the loss itself. One thread.
 */
final class LostWrites {
    private final Mailbox mailbox;
    private final Duration replay;
    private long seen;

    /**
     * @param replay how much is to be done again; zero for nothing
     */
    LostWrites(Mailbox mailbox, Duration replay) {
        this.mailbox = mailbox;
        this.replay = replay;
        this.seen = mailbox.historyChanges();
    }

    /** The losses that were made up for, as {@link Mailbox#offer} takes it. */
    long seen() {
        return seen;
    }

    /**
     * Before anything goes to the new primary, so that what it lacks gets there first and in order.
     * With replicas demanded, too: one of several may have confirmed to a primary that was no
     * longer to be one.
     *
     * @throws RewindException if the failure says so
     */
    void rewindIfLost(Throwable failure) {
        if (failure instanceof HistoryChangedException) {
            seen = mailbox.historyChanges();
            if (!replay.isZero()) {
                throw new RewindException(replay, failure);
            }
        }
    }
}
