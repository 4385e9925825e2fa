package io.pushgate.runtime.config;

/** A value that a setting can't take; the message goes on after the path of the setting. */
final class BadValueException extends Exception {
    private static final long serialVersionUID = 1L;

    BadValueException(String message) {
        super(message);
    }
}
