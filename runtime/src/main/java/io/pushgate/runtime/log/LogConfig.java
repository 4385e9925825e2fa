package io.pushgate.runtime.log;

import io.pushgate.runtime.config.Default;
import io.pushgate.runtime.config.Doc;
import io.pushgate.runtime.config.Range;

/** How a process logs. */
public record LogConfig(
        @Default("text")
                @Doc("How an event is written, always as one line: text, or json for collectors.")
                Format format,
        @Default("info")
                @Doc("Level of our own loggers at the start; those of libraries have warn.")
                LogLevel level,
        @Default("20")
                @Range(min = 0, max = 100_000)
                @Doc(
                        "Lines a second from one place in the code; more are left out and counted. 0"
                                + " for no limit.")
                int maxPerSecond) {
    /** How an event is written. */
    public enum Format {
        TEXT,
        JSON
    }
}
