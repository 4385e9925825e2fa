package io.pushgate.loadtest;

/** The load test could not run; the message is one line for the person who started it. */
public final class LoadTestException extends Exception {
    private static final long serialVersionUID = 1L;

    public LoadTestException(String message) {
        super(message);
    }

    public LoadTestException(String message, Throwable cause) {
        super(message, cause);
    }
}
