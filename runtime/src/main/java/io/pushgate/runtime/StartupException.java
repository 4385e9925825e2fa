package io.pushgate.runtime;

/**
 * Why something could not start, in one line that a person can act on; the command line prints the
 * message without a stack trace.
 */
public class StartupException extends Exception {
    private static final long serialVersionUID = 1L;

    public StartupException(String message) {
        super(message);
    }

    public StartupException(String message, Throwable cause) {
        super(message, cause);
    }
}
