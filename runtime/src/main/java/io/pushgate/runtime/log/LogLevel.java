package io.pushgate.runtime.log;

import ch.qos.logback.classic.Level;

import java.util.Locale;
import java.util.Optional;

/** A level of a logger. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE;

    /** By its name, in any case. */
    static Optional<LogLevel> named(String text) {
        for (LogLevel level : values()) {
            if (level.name().equalsIgnoreCase(text)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }

    /** As it is written in JSON and in the configuration. */
    static String word(Level level) {
        return level.levelStr.toLowerCase(Locale.ROOT);
    }

    Level toLogback() {
        return Level.toLevel(name());
    }
}
