package io.pushgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A role's log has one line for each event. */
class LogLinesTest {
    private static String line(String text, @Nullable Throwable failure) throws Exception {
        LoggerContext logging = new LoggerContext();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(logging);
        configurator.doConfigure(
                Objects.requireNonNull(LogLinesTest.class.getResource("/logback-role.xml")));
        Appender<ILoggingEvent> appender =
                logging.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("stderr");
        LoggingEvent event =
                new LoggingEvent(
                        "test",
                        logging.getLogger("io.pushgate.Some"),
                        Level.WARN,
                        text,
                        failure,
                        null);
        return new String(
                ((OutputStreamAppender<ILoggingEvent>) appender).getEncoder().encode(event),
                StandardCharsets.UTF_8);
    }

    @Test
    void anEventIsOneLineWhateverIsInIt() throws Exception {
        String line =
                line(
                        "first\r\nsecond",
                        new IllegalStateException("a\nb", new RuntimeException("why")));
        assertThat(line.lines()).hasSize(1);
        assertThat(line)
                .matches("\\S+T\\S+ WARN  Some - first \\| second \\| [\\s\\S]*\n")
                .contains("java.lang.IllegalStateException: a | b | at ")
                .contains("Caused by: java.lang.RuntimeException: why");
    }

    @Test
    void nothingIsAddedToAPlainOne() throws Exception {
        assertThat(line("fine", null)).endsWith(" WARN  Some - fine\n");
    }
}
