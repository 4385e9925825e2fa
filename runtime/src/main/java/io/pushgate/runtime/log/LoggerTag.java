package io.pushgate.runtime.log;

/**
 * The name of a logger as a tag of meters: the class where it is ours, {@value #LIBRARIES} for all
 * others, so that the set of tags stays as small as our code.
 */
public final class LoggerTag {
    public static final String LIBRARIES = "library";

    /** Of our loggers the first part, with the dot. */
    static final String OURS = "io.pushgate.";

    private LoggerTag() {}

    public static String of(String logger) {
        return logger.startsWith(OURS) ? logger.substring(logger.lastIndexOf('.') + 1) : LIBRARIES;
    }
}
