package io.pushgate.access;

import io.pushgate.protocol.CloseReason;

/** Why a session ended. */
sealed interface CloseCause {
    /** The value of the tag {@code reason}; of a closed set. */
    String tag();

    /** The node closed it. */
    record ByServer(CloseReason reason) implements CloseCause {
        @Override
        public String tag() {
            return reason.reason();
        }
    }

    /** The client sent a close frame. */
    record ByClient() implements CloseCause {
        @Override
        public String tag() {
            return "client";
        }
    }

    /** The connection broke without a close frame. */
    record Lost() implements CloseCause {
        @Override
        public String tag() {
            return "lost";
        }
    }
}
