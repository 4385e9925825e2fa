package io.pushgate.protocol;

/** The lanes of a message, most urgent first. */
public enum Priority {
    HIGH(0),
    NORMAL(1),
    BULK(2);

    private final int lane;

    Priority(int lane) {
        this.lane = lane;
    }

    /** The number of its lane: 0 is the most urgent. */
    public int lane() {
        return lane;
    }

    /** The lower-case name used on the wire. */
    public String wireName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
