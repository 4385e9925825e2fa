package io.pushgate.faults.cluster;

/** The roles, upstream first, and how many of each there are. */
public enum Kind {
    PURGER("purger", "p", 2),
    DISPATCHER("dispatcher", "d", 2),
    DELAYER("delayer", "l", 2),
    ACCESS("access-server", "a", 3);

    private static final int HEAP_MEGABYTES = 160;

    private final String command;
    private final String prefix;
    private final int count;

    Kind(String command, String prefix, int count) {
        this.command = command;
        this.prefix = prefix;
        this.count = count;
    }

    /** The name on the command line. */
    public String command() {
        return command;
    }

    /** How many there are. */
    public int count() {
        return count;
    }

    int heapMegabytes() {
        return HEAP_MEGABYTES;
    }

    /** The name of one of them: its node id, and that of its log. */
    public String nodeId(int index) {
        return prefix + (index + 1);
    }
}
