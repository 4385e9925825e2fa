package io.pushgate.standalone;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;

import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.runtime.log.LoggerTag;
import io.pushgate.runtime.telemetry.Meters;
import io.pushgate.runtime.telemetry.RuntimeMeters;

import org.slf4j.LoggerFactory;

import java.util.Locale;

/**
 * Counts what a process logs at warn and above, by the class that logs it, so that a dashboard
 * shows what the log files would say. Classes of libraries count as {@value LoggerTag#LIBRARIES}:
 * the set of tags stays as small as ours.
 */
final class LogCounts extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final MeterRegistry registry;
    private final Logger root;

    private LogCounts(MeterRegistry registry, Logger root) {
        this.registry = registry;
        this.root = root;
    }

    /** Begins to count. */
    static LogCounts start(MeterRegistry registry) {
        LoggerContext logging = (LoggerContext) LoggerFactory.getILoggerFactory();
        LogCounts counts =
                new LogCounts(registry, logging.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME));
        counts.setContext(logging);
        counts.start();
        counts.root.addAppender(counts);
        return counts;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
            Meters.counter(
                            registry,
                            RuntimeMeters.LOG_EVENTS,
                            "level",
                            event.getLevel().levelStr.toLowerCase(Locale.ROOT),
                            "logger",
                            LoggerTag.of(event.getLoggerName()))
                    .increment();
        }
    }

    @Override
    public void close() {
        root.detachAppender(this);
        stop();
    }
}
