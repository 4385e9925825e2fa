package io.pushgate.protocol;

/**
 * Why a connection was closed by the server: the WebSocket close code, a word, and what the client
 * does next.
 */
public enum CloseReason {
    GOING_AWAY(1001, "going_away", true),
    UNSUPPORTED(1003, "unsupported", false),
    POLICY(1008, "policy", false),
    TOO_BIG(1009, "too_big", false),
    RESTART(1012, "restart", true),
    TOKEN_EXPIRED(4401, "token_expired", true),
    HEARTBEAT_MISSED(4408, "heartbeat_missed", true),
    REPLACED(4409, "replaced", false),
    TOO_SLOW(4410, "too_slow", true),
    KICKED(4411, "kicked", false),
    OVER_LIMIT(4429, "over_limit", true),
    PROTOCOL_ERROR(1002, "protocol_error", false),
    BAD_DATA(1007, "bad_data", false);

    private final int code;
    private final String reason;
    private final boolean reconnect;

    CloseReason(int code, String reason, boolean reconnect) {
        this.code = code;
        this.reason = reason;
        this.reconnect = reconnect;
    }

    public int code() {
        return code;
    }

    /** The word in the close frame, and the tag value of the meters. */
    public String reason() {
        return reason;
    }

    /**
     * Whether the client reconnects by itself; otherwise the close is terminal until the app acts.
     */
    public boolean reconnect() {
        return reconnect;
    }

    /**
     * Whether a client reconnects after a close with this code; codes it does not know are worth a
     * try.
     */
    public static boolean reconnectAfter(int code) {
        for (CloseReason reason : values()) {
            if (reason.code == code) {
                return reason.reconnect;
            }
        }
        return true;
    }
}
