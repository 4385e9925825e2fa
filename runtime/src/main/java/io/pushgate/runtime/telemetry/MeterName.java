package io.pushgate.runtime.telemetry;

/** A meter of a module; each module lists its own in one enum. */
public interface MeterName {
    /** Dotted lower case, such as {@code pushgate.purger.requests}. */
    String meterName();

    /** What it counts, and in which unit. */
    String description();
}
