package io.pushgate.embedded;

import org.jspecify.annotations.Nullable;

/** An embedded server can't start or doesn't stop; the message is one line for a person. */
public final class EmbeddedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EmbeddedException(String message) {
        this(message, null);
    }

    public EmbeddedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
