package io.pushgate.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A push request that does not follow the protocol. The message is one sentence for its sender:
 * which field, what is wrong, what is allowed.
 */
public final class InvalidRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final @Nullable String id;
    private final @Nullable String app;

    public InvalidRequestException(String message, @Nullable String id, @Nullable String app) {
        super(message);
        this.id = id;
        this.app = app;
    }

    /** The request's id, null where it could not be read or is not a valid one. */
    public @Nullable String id() {
        return id;
    }

    /** The request's app, null where it could not be read or is not a valid one. */
    public @Nullable String app() {
        return app;
    }
}
