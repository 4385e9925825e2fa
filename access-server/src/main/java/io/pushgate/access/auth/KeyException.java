package io.pushgate.access.auth;

/** A key, or a file of keys, that cannot be used; the message says why, in words for people. */
public final class KeyException extends Exception {
    private static final long serialVersionUID = 1L;

    KeyException(String message) {
        super(message);
    }

    KeyException(String message, Throwable cause) {
        super(message, cause);
    }
}
