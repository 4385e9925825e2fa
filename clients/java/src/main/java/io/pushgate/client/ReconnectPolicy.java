package io.pushgate.client;

import io.pushgate.protocol.CloseReason;

import java.time.Duration;

/** Decides whether to connect again after a connection's end, and when. Not thread-safe. */
final class ReconnectPolicy {
    /** HTTP 401 in a row before the client gives up; each time it asks for another token. */
    static final int MAX_UNAUTHORIZED = 3;

    /**
     * How long after an attempt broke the gateway may still carry it out: a node that was busy or
     * paused registers a connection whose client has gone, and so replaces that client's next one.
     */
    static final Duration GHOST = Duration.ofSeconds(60);

    /** From the call to connect to the welcome, at the first attempt; twice as long at the next. */
    static final Duration SHORTEST_PATIENCE = Duration.ofSeconds(5);

    static final Duration LONGEST_PATIENCE = Duration.ofSeconds(20);

    private final Backoff backoff;
    private Duration patience = SHORTEST_PATIENCE;
    private boolean welcomed;
    private int unauthorized;
    private long brokenAt;
    private int ghosts;

    ReconnectPolicy(Backoff backoff) {
        this.backoff = backoff;
    }

    sealed interface Decision {
        record Reconnect(Duration after) implements Decision {}

        record GiveUp() implements Decision {}
    }

    /**
     * @param nowNanos of a monotonic clock
     */
    Decision after(ConnectionEnd end, long nowNanos) {
        if (!welcomed && patience.compareTo(LONGEST_PATIENCE) < 0) {
            patience = patience.multipliedBy(2);
        }
        boolean opened = welcomed;
        welcomed = false;
        return switch (end) {
            case ConnectionEnd.Closed closed -> {
                if (CloseReason.reconnectAfter(closed.code())) {
                    if (!opened) {
                        leftUncertain(nowNanos); // the gateway gave up waiting for its Redis
                    }
                    yield backOff(Duration.ZERO);
                }
                yield isByGhost(closed, nowNanos) ? backOff(Duration.ZERO) : new Decision.GiveUp();
            }
            case ConnectionEnd.Refused refused -> afterRefusal(refused);
            case ConnectionEnd.Broken _ -> {
                leftUncertain(nowNanos);
                yield backOff(Duration.ZERO);
            }
        };
    }

    private void leftUncertain(long nowNanos) {
        ghosts = isRecent(nowNanos) ? ghosts + 1 : 1;
        brokenAt = nowNanos;
    }

    /**
     * Whether what replaced us may have been ourselves. Each broken attempt excuses one return, so
     * that two devices with the same id don't replace each other for ever.
     */
    private boolean isByGhost(ConnectionEnd.Closed closed, long nowNanos) {
        if (closed.code() != CloseReason.REPLACED.code() || !isRecent(nowNanos)) {
            return false;
        }
        ghosts--;
        return true;
    }

    private boolean isRecent(long nowNanos) {
        return ghosts > 0 && nowNanos - brokenAt <= GHOST.toNanos();
    }

    /**
     * How long to wait for the welcome. A node that hangs takes connections all the same: soon to
     * the next address, but with more patience each time, where it is the network that is slow.
     */
    Duration patience() {
        return patience;
    }

    /** The gateway took the token. */
    void welcomed() {
        welcomed = true;
        patience = SHORTEST_PATIENCE;
        unauthorized = 0;
    }

    /** The connection proved useful: the next wait is a short one again. */
    void settled() {
        backoff.reset();
    }

    private Decision afterRefusal(ConnectionEnd.Refused refused) {
        if (refused.code() == 401 && ++unauthorized >= MAX_UNAUTHORIZED) {
            return new Decision.GiveUp();
        }
        Duration asked = refused.retryAfter();
        return backOff(asked == null ? Duration.ZERO : asked);
    }

    /** Jitter comes on top of what the server asked for: it told everybody the same. */
    private Decision backOff(Duration atLeast) {
        return new Decision.Reconnect(atLeast.plus(backoff.next()));
    }
}
