package io.pushgate.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.runtime.log.LoggerTag;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@Isolated("it counts what the whole process logs")
class LogCountsTest {
    private static final Logger OURS = LoggerFactory.getLogger(LogCountsTest.class);
    private static final Logger LIBRARY = LoggerFactory.getLogger("org.example.Library");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void countsWarningsAndErrorsByWhoLogsThem() {
        try (LogCounts _ = LogCounts.start(registry)) {
            OURS.warn("counted");
            OURS.warn("counted");
            OURS.error("counted");
            OURS.info("not counted");
            LIBRARY.warn("counted");
        }
        OURS.warn("nobody counts any more");

        assertThat(count("warn", "LogCountsTest")).isEqualTo(2);
        assertThat(count("error", "LogCountsTest")).isEqualTo(1);
        assertThat(count("warn", LoggerTag.LIBRARIES)).isEqualTo(1);
        assertThat(registry.find("pushgate.log.events").counters()).hasSize(3);
    }

    private double count(String level, String logger) {
        return registry.get("pushgate.log.events")
                .tags("level", level, "logger", logger)
                .counter()
                .count();
    }
}
