package io.pushgate.protocol;

/** A frame of a type that this version does not know; whoever reads frames skips it. */
public final class UnknownFrameException extends InvalidInputException {
    private static final long serialVersionUID = 1L;

    UnknownFrameException(InvalidInputException cause) {
        super(String.valueOf(cause.getMessage()), cause);
    }
}
