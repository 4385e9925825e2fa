package io.pushgate.loadtest.report;

import java.util.Locale;

/** Numbers as people read them, in every locale the same. */
final class Text {
    private static final double BYTES_PER_MIB = 1024 * 1024;

    private Text() {}

    @SuppressWarnings("AnnotateFormatMethod") // The annotation is in a library we don't have.
    static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    static String count(long value) {
        return format("%,d", value);
    }

    /** Two digits after the point below 10 ms, one above. */
    static String millis(long micros) {
        return format(micros < 10_000 ? "%.2f ms" : "%,.1f ms", micros / 1e3);
    }

    static String mebibytes(long bytes) {
        return format("%,.1f MiB", bytes / BYTES_PER_MIB);
    }
}
