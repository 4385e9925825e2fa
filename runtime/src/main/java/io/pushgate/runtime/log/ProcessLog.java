package io.pushgate.runtime.log;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;

import io.micrometer.core.instrument.MeterRegistry;

import org.slf4j.LoggerFactory;

import java.util.Iterator;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Makes the process log as it is configured, until it is closed. */
public final class ProcessLog implements AutoCloseable {
    /** An appender for a person at a screen, who doesn't read JSON. */
    static final String SCREEN = "screen";

    private static final String OURS = "io.pushgate";

    private final LoggerContext logging;
    private final LogSampling sampling;
    private final ScheduledExecutorService timer;

    private ProcessLog(LoggerContext logging, LogSampling sampling) {
        this.logging = logging;
        this.sampling = sampling;
        this.timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("log-sampling").factory());
    }

    /** Takes over format, level and bound; what was logged before is not touched. */
    public static ProcessLog start(LogConfig config, MeterRegistry registry) {
        LoggerContext logging = (LoggerContext) LoggerFactory.getILoggerFactory();
        if (config.format() == LogConfig.Format.JSON) {
            logging.getLoggerList().forEach(ProcessLog::toJson);
        }
        logging.getLogger(OURS).setLevel(config.level().toLogback());
        LogSampling sampling = new LogSampling(registry, logging, config.maxPerSecond());
        ProcessLog log = new ProcessLog(logging, sampling);
        if (config.maxPerSecond() > 0) {
            log.sample();
        }
        return log;
    }

    private void sample() {
        sampling.start();
        logging.addTurboFilter(sampling);
        var _ = timer.scheduleAtFixedRate(sampling::tick, 1, 1, TimeUnit.SECONDS);
    }

    static void toJson(Logger logger) {
        Iterator<Appender<ILoggingEvent>> appenders = logger.iteratorForAppenders();
        while (appenders.hasNext()) {
            if (appenders.next() instanceof OutputStreamAppender<ILoggingEvent> writing
                    && !SCREEN.equals(writing.getName())) {
                JsonLines json = new JsonLines();
                json.setContext(writing.getContext());
                json.start();
                writing.setEncoder(json);
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        logging.getTurboFilterList().remove(sampling);
        sampling.stop();
    }
}
