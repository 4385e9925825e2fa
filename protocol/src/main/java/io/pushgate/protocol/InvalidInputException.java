package io.pushgate.protocol;

/**
 * Input that does not follow the protocol; the message says what is wrong in words for its sender.
 */
public sealed class InvalidInputException extends Exception permits UnknownFrameException {
    private static final long serialVersionUID = 1L;

    public InvalidInputException(String message) {
        super(message);
    }

    public InvalidInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
