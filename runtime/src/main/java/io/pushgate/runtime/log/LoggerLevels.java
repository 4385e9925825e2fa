package io.pushgate.runtime.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Locale;

/**
 * The levels of the loggers, to be seen and changed while the process runs; any thread.
 *
 * <p>Ours may be set to anything: they never log payloads or tokens. Those of libraries may not be
 * set to trace, since some then log what they send.
 */
public final class LoggerLevels {
    private static final org.slf4j.Logger log = LoggerFactory.getLogger(LoggerLevels.class);

    private final LoggerContext logging = (LoggerContext) LoggerFactory.getILoggerFactory();

    /** What came of a question or a change. */
    public sealed interface Outcome {}

    /**
     * A logger as it is now.
     *
     * @param level its own, null where it has that of its parent
     * @param effective the level that counts
     */
    public record Found(String name, @Nullable String level, String effective) implements Outcome {}

    /** There is none of that name. */
    public record Unknown(String detail) implements Outcome {}

    /** The change is not allowed. */
    public record Refused(String detail) implements Outcome {}

    /** Those with a level of their own. */
    public List<Found> own() {
        return logging.getLoggerList().stream()
                .filter(logger -> logger.getLevel() != null)
                .map(LoggerLevels::found)
                .toList();
    }

    /**
     * @param name of a class or package that has logged, or {@code ROOT}
     */
    public Outcome get(String name) {
        Logger logger = logging.exists(name);
        return logger == null ? unknown(name) : found(logger);
    }

    /**
     * Changes a level until the process ends.
     *
     * @param level null for that of the parent
     */
    public Outcome set(String name, @Nullable String level) {
        Logger logger = logging.exists(name);
        if (logger == null) {
            return unknown(name);
        }
        if (level == null) {
            if (name.equalsIgnoreCase(Logger.ROOT_LOGGER_NAME)) {
                return new Refused("ROOT has no parent: give a level");
            }
            return change(logger, null);
        }
        LogLevel wanted = LogLevel.named(level).orElse(null);
        if (wanted == null) {
            return new Refused("level is one of error, warn, info, debug, trace, or null");
        }
        if (wanted == LogLevel.TRACE && !(name + ".").startsWith(LoggerTag.OURS)) {
            return new Refused(
                    "at trace a library may log payloads and passwords: debug is the most for "
                            + name);
        }
        return change(logger, wanted.toLogback());
    }

    private static Outcome change(Logger logger, @Nullable Level level) {
        Level before = logger.getEffectiveLevel();
        logger.setLevel(level);
        log.info(
                "the level of {} was {} and is {}",
                logger.getName(),
                before,
                logger.getEffectiveLevel());
        return found(logger);
    }

    private static Found found(Logger logger) {
        Level own = logger.getLevel();
        return new Found(
                logger.getName(),
                own == null ? null : LogLevel.word(own),
                LogLevel.word(logger.getEffectiveLevel()));
    }

    private static Unknown unknown(String name) {
        return new Unknown(
                String.format(
                        Locale.ROOT,
                        "no logger is called %s; ours begin with io.pushgate, and ROOT is all",
                        name.length() > 100 ? name.substring(0, 100) + "…" : name));
    }
}
