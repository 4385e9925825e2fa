package io.pushgate.protocol;

/** The lanes of a message, most urgent first. */
public enum Priority {
    HIGH,
    NORMAL,
    BULK;

    /** The lower-case name used on the wire. */
    public String wireName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
