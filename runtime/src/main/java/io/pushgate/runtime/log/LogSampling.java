package io.pushgate.runtime.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;

import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.runtime.telemetry.Meters;
import io.pushgate.runtime.telemetry.RuntimeMeters;

import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets each place in the code log so many lines between two {@link #tick}s; what is more is left
 * out, counted, and summed up in one line. A place is a logger, a level and a text with its
 * placeholders, so that nothing has to be found out about the caller. There are {@value
 * #MAX_PLACES} at most; the others share one allowance. Any thread may log.
 */
final class LogSampling extends TurboFilter {
    private static final int MAX_PLACES = 1_000;
    private static final Marker SUM = MarkerFactory.getMarker("PUSHGATE_LEFT_OUT");
    private static final String OTHERS = "(further places)";

    private final MeterRegistry registry;
    private final LoggerContext logging;
    private final int allowed;

    /** Lines since the last tick, those left out included. */
    private final Map<Place, AtomicInteger> places = new ConcurrentHashMap<>();

    private record Place(String logger, Level level, String text) {}

    /**
     * @param allowed lines of one place between two ticks
     */
    LogSampling(MeterRegistry registry, LoggerContext logging, int allowed) {
        this.registry = registry;
        this.logging = logging;
        this.allowed = allowed;
        setContext(logging);
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String text,
            Object @Nullable [] arguments,
            @Nullable Throwable failure) {
        // Logback asks before it compares levels, and also when it is only asked for one.
        if (text == null
                || SUM.equals(marker)
                || !level.isGreaterOrEqual(logger.getEffectiveLevel())) {
            return FilterReply.NEUTRAL;
        }
        AtomicInteger lines = lines(new Place(logger.getName(), level, text));
        return lines.incrementAndGet() <= allowed ? FilterReply.NEUTRAL : FilterReply.DENY;
    }

    private AtomicInteger lines(Place place) {
        AtomicInteger known = places.get(place);
        if (known != null) {
            return known;
        }
        Place kept =
                places.size() < MAX_PLACES
                        ? place
                        : new Place(Logger.ROOT_LOGGER_NAME, Level.WARN, OTHERS);
        return places.computeIfAbsent(kept, _ -> new AtomicInteger());
    }

    /** Begins anew, and says how many lines were left out; to be called once a second. */
    void tick() {
        places.forEach(
                (place, lines) -> {
                    int seen = lines.getAndSet(0);
                    if (seen == 0) {
                        places.remove(place, lines);
                    } else if (seen > allowed) {
                        sumUp(place, seen - allowed);
                    }
                });
    }

    private void sumUp(Place place, int leftOut) {
        Meters.counter(
                        registry,
                        RuntimeMeters.LOG_SUPPRESSED,
                        "level",
                        LogLevel.word(place.level),
                        "logger",
                        LoggerTag.of(place.logger))
                .increment(leftOut);
        logging.getLogger(place.logger)
                .log(
                        SUM,
                        LogSampling.class.getName(),
                        Level.toLocationAwareLoggerInteger(place.level),
                        "left out {} more lines of the last second like: {}",
                        new Object[] {leftOut, place.text},
                        null);
    }
}
