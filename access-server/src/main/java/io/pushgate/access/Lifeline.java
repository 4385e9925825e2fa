package io.pushgate.access;

import io.pushgate.protocol.CloseReason;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * Every deadline of one connection, as one entry of its loop's wheel. What pushes a deadline back
 * sets a field and nothing else; only one that comes nearer is told to the wheel. One thread only.
 */
final class Lifeline extends TimingWheel.Entry {
    /** How long the client may take to answer a close frame. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    /** Time for the loop to read every socket, at least, before what was not heard was not said. */
    private static final long LOOK_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

    private final TimingWheel wheel;
    private final Owner owner;
    private final AccessConfig config;

    private long silentAt;
    private boolean doubted;
    private long tokenExpiresAt = TimingWheel.NEVER;
    private long slowAt = TimingWheel.NEVER;
    private long fragmentAt = TimingWheel.NEVER;
    private long unackedAt = TimingWheel.NEVER;
    private long confirmAt = TimingWheel.NEVER;
    private long quietAt = TimingWheel.NEVER;
    private long goneAt = TimingWheel.NEVER;
    private long lingerUntil = TimingWheel.NEVER;

    Lifeline(TimingWheel wheel, AccessConfig config, Owner owner) {
        this.wheel = wheel;
        this.owner = owner;
        this.config = config;
        this.silentAt = wheel.now() + silenceNanos();
        wheel.schedule(this, silentAt);
    }

    /** Any frame counts as life. */
    void read() {
        silentAt = wheel.now() + silenceNanos();
        doubted = false;
    }

    private long silenceNanos() {
        return config.heartbeat().toNanos() / 2 * 3;
    }

    void tokenExpiresIn(Duration left) {
        tokenExpiresAt = wheel.now() + left.toNanos();
        wheel.schedule(this, tokenExpiresAt);
    }

    void writable(boolean writable) {
        if (writable) {
            slowAt = TimingWheel.NEVER;
        } else if (slowAt == TimingWheel.NEVER) {
            slowAt = wheel.now() + config.limits().slowAfter().toNanos();
            wheel.schedule(this, slowAt);
        }
    }

    /**
     * Broadcasts were sent, or acked: it begins anew.
     *
     * @param unacked whether some still wait for their ack
     */
    void broadcasts(boolean unacked) {
        if (!unacked) {
            unackedAt = TimingWheel.NEVER;
            return;
        }
        unackedAt = wheel.now() + config.logs().ackWithin().toNanos();
        wheel.schedule(this, unackedAt);
    }

    /** Has the owner look whether it still has its place, once. */
    void confirmIn(Duration after) {
        confirmAt = wheel.now() + after.toNanos();
        wheel.schedule(this, confirmAt);
    }

    /** Whether a message of fragments has begun and not ended. */
    void inFragments(boolean open) {
        if (!open) {
            fragmentAt = TimingWheel.NEVER;
        } else if (fragmentAt == TimingWheel.NEVER) {
            fragmentAt = wheel.now() + config.limits().fragmentDeadline().toNanos();
            wheel.schedule(this, fragmentAt);
        }
    }

    /**
     * The client was asked to go elsewhere.
     *
     * @param quiet by then nothing is sent to it any more
     * @param gone if it is still here by then it is closed
     */
    void goneIn(Duration quiet, Duration gone) {
        quietAt = wheel.now() + quiet.toNanos();
        goneAt = wheel.now() + gone.toNanos();
        wheel.schedule(this, quietAt);
    }

    /** Whether the client was asked to go elsewhere. */
    boolean isLeaving() {
        return goneAt != TimingWheel.NEVER;
    }

    /** A close frame is out; all that is left is to wait for the answer. */
    void linger() {
        lingerUntil = wheel.now() + LINGER.toNanos();
        wheel.schedule(this, lingerUntil);
    }

    void stop() {
        wheel.cancel(this);
    }

    @Override
    long expire(long now) {
        if (lingerUntil == TimingWheel.NEVER) {
            if (quietAt <= now) {
                quietAt = TimingWheel.NEVER;
                owner.quiet();
            }
            if (confirmAt <= now) {
                confirmAt = TimingWheel.NEVER;
                owner.confirm();
            }
            CloseReason due = due(now);
            if (due != null) {
                owner.due(due);
            }
        }
        if (lingerUntil == TimingWheel.NEVER) {
            return Math.min(
                    Math.min(Math.min(silentAt, tokenExpiresAt), Math.min(slowAt, fragmentAt)),
                    Math.min(Math.min(unackedAt, confirmAt), Math.min(quietAt, goneAt)));
        }
        if (lingerUntil - now <= 0) {
            owner.lingered();
            return TimingWheel.NEVER;
        }
        return lingerUntil;
    }

    private @Nullable CloseReason due(long now) {
        if (goneAt <= now) {
            return CloseReason.RESTART;
        }
        if (tokenExpiresAt <= now) {
            return CloseReason.TOKEN_EXPIRED;
        }
        if (slowAt <= now || unackedAt <= now) {
            return CloseReason.TOO_SLOW;
        }
        if (fragmentAt <= now) {
            return CloseReason.POLICY;
        }
        return isSilent(now) ? CloseReason.HEARTBEAT_MISSED : null;
    }

    /**
     * What the client sent may lie unread in the socket, as many timers of a loop that was held up
     * fire before it reads again. So nobody is cut at once: it gets a second, or as long as the
     * timer was late.
     */
    private boolean isSilent(long now) {
        if (silentAt > now) {
            return false;
        }
        if (doubted) {
            return true;
        }
        doubted = true;
        silentAt = now + Math.max(LOOK_AGAIN_NANOS, Math.min(now - silentAt, silenceNanos()));
        return false;
    }

    /** Hears of the deadlines. */
    interface Owner {
        /** Has to close the connection. */
        void due(CloseReason reason);

        /** Has to look whether the mailbox knows it. */
        void confirm();

        /** Has to send no more messages. */
        void quiet();

        /** The client did not answer the close frame in time. */
        void lingered();
    }
}
