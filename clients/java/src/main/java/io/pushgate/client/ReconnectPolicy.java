package io.pushgate.client;

import io.pushgate.protocol.CloseReason;

import java.time.Duration;

/** Decides whether to connect again after a connection's end, and when. Not thread-safe. */
final class ReconnectPolicy {
    /** HTTP 401 in a row before the client gives up; each time it asks for another token. */
    static final int MAX_UNAUTHORIZED = 3;

    private final Backoff backoff;
    private int unauthorized;

    ReconnectPolicy(Backoff backoff) {
        this.backoff = backoff;
    }

    sealed interface Decision {
        record Reconnect(Duration after) implements Decision {}

        record GiveUp() implements Decision {}
    }

    Decision after(ConnectionEnd end) {
        return switch (end) {
            case ConnectionEnd.Closed closed ->
                    CloseReason.reconnectAfter(closed.code())
                            ? backOff(Duration.ZERO)
                            : new Decision.GiveUp();
            case ConnectionEnd.Refused refused -> afterRefusal(refused);
            case ConnectionEnd.Broken _ -> backOff(Duration.ZERO);
        };
    }

    /** The gateway took the token. */
    void welcomed() {
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
