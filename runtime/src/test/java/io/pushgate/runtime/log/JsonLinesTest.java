package io.pushgate.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

class JsonLinesTest {
    private final LoggerContext logging = new LoggerContext();

    private static JsonNode encoded(LoggingEvent event) throws Exception {
        String line = new String(new JsonLines().encode(event), StandardCharsets.UTF_8);
        assertThat(line).endsWith("}\n");
        assertThat(line.lines()).hasSize(1);
        return new ObjectMapper().readTree(line);
    }

    private LoggingEvent event(String text, @Nullable Throwable failure, Object... arguments) {
        LoggingEvent event =
                new LoggingEvent(
                        "test",
                        logging.getLogger("io.pushgate.Some"),
                        Level.WARN,
                        text,
                        failure,
                        arguments);
        event.setInstant(Instant.parse("2026-01-02T03:04:05.678Z"));
        return event;
    }

    @Test
    void anEventIsOneLineWhateverIsInIt() throws Exception {
        Exception failure = new IllegalStateException("a\nb", new RuntimeException("why"));
        JsonNode line = encoded(event("it is \"{}\" and\r\n{}", failure, "x\u0000y", "ü"));

        assertThat(line.path("time").asText()).isEqualTo("2026-01-02T03:04:05.678Z");
        assertThat(line.path("level").asText()).isEqualTo("warn");
        assertThat(line.path("logger").asText()).isEqualTo("io.pushgate.Some");
        assertThat(line.path("message").asText()).isEqualTo("it is \"x\u0000y\" and\r\nü");
        assertThat(line.path("error").asText())
                .startsWith("java.lang.IllegalStateException: a\nb")
                .contains("Caused by: java.lang.RuntimeException: why");
    }

    @Test
    void withoutAFailureThereIsNoError() throws Exception {
        assertThat(encoded(event("fine", null)).has("error")).isFalse();
    }
}
