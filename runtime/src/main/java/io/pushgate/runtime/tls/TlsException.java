package io.pushgate.runtime.tls;

/**
 * A certificate or key that can't be used; one line that names the file, and nothing of the key.
 */
public final class TlsException extends Exception {
    private static final long serialVersionUID = 1L;

    TlsException(String message) {
        super(message);
    }

    TlsException(String message, Throwable cause) {
        super(message, cause);
    }
}
