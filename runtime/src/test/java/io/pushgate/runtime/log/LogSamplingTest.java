package io.pushgate.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;

class LogSamplingTest {
    private static final int ALLOWED = 3;

    private final LoggerContext logging = new LoggerContext();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LogSampling sampling = new LogSampling(registry, logging, ALLOWED);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger log = logging.getLogger("io.pushgate.some.Place");

    @BeforeEach
    void start() {
        lines.start();
        Logger root = logging.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(lines);
        root.setLevel(Level.INFO);
        sampling.start();
        logging.addTurboFilter(sampling);
    }

    private List<String> texts() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private double suppressed() {
        return registry.find("pushgate.log.suppressed").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private void storm(int times) {
        for (int i = 0; i < times; i++) {
            log.warn("device {} is odd", "d" + i);
        }
    }

    @Test
    void aStormIsCutCountedAndSummedUp() {
        storm(10);
        log.warn("another place");
        log.error("device {} is odd", "at another level");
        assertThat(texts())
                .containsExactly(
                        "device d0 is odd",
                        "device d1 is odd",
                        "device d2 is odd",
                        "another place",
                        "device at another level is odd");

        sampling.tick();

        assertThat(texts())
                .endsWith("left out 7 more lines of the last second like: device {} is odd");
        assertThat(lines.list.getLast().getLevel()).isEqualTo(Level.WARN);
        assertThat(lines.list.getLast().getLoggerName()).isEqualTo(log.getName());
        assertThat(suppressed()).isEqualTo(7);
        assertThat(
                        registry.get("pushgate.log.suppressed")
                                .tags("level", "warn", "logger", "Place")
                                .counter()
                                .count())
                .isEqualTo(7);
    }

    @Test
    void eachSecondBeginsAnew() {
        storm(ALLOWED);
        sampling.tick();
        assertThat(texts()).hasSize(ALLOWED);
        storm(ALLOWED);
        sampling.tick();
        sampling.tick();
        assertThat(texts()).hasSize(2 * ALLOWED);
        assertThat(suppressed()).isZero();
    }

    @Test
    void whatIsNotLoggedAnywayIsNotCounted() {
        for (int i = 0; i < 10; i++) {
            log.debug("fine");
            assertThat(log.isWarnEnabled()).isTrue();
        }
        sampling.tick();
        assertThat(suppressed()).isZero();
        log.warn("fine");
        assertThat(texts()).containsExactly("fine");
    }

    @Test
    void placesBeyondTheBoundShareOneAllowance() {
        for (int i = 0; i < 1_500; i++) {
            log.warn("made up anew each time: " + i);
        }
        assertThat(texts()).hasSize(1_000 + ALLOWED);
        sampling.tick();
        assertThat(texts().getLast()).contains("left out 497 more").contains("(further places)");

        sampling.tick();
        log.warn("there is room again");
        log.warn("and again");
        assertThat(texts()).endsWith("there is room again", "and again");
    }
}
