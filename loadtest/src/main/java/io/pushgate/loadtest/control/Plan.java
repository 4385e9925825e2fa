package io.pushgate.loadtest.control;

/**
 * What a run sends, to whom and when, as functions of a message's number: coordinator and agents
 * compute the same from the same few values, and nobody keeps a list. Messages are numbered from 0
 * and evenly spaced; each is for a random device or user.
 *
 * @param run letters and digits in the names of this run's devices, users and messages
 * @param seed of the targets
 * @param connections devices, each with one connection
 * @param devicesPerUser neighbouring devices are one user's; 1 for {@link Shape#UNICAST}
 * @param messages how many; 0 for a run that only holds its connections
 * @param rate messages a second
 */
public record Plan(
        String run,
        String app,
        long seed,
        Shape shape,
        int connections,
        int devicesPerUser,
        int messages,
        int rate) {
    /** Messages times devices per user; each is a bit in every agent, and a line at the end. */
    public static final int MAX_DELIVERIES = 64_000_000;

    /** Latencies are kept apart by when their message was due, in slots of this length. */
    public static final long SLOT_MICROS = 250_000;

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int USER_ONE_IN = 10;

    /**
     * @throws IllegalArgumentException in words for the person who typed the values
     */
    public Plan {
        check(connections > 0, "there must be a connection");
        check(rate >= 0 && messages >= 0, "rate and messages must not be negative");
        check(rate > 0 || messages == 0, "messages need a rate");
        check(devicesPerUser > 0, "a user must have a device");
        check(
                shape != Shape.UNICAST || devicesPerUser == 1,
                "users have no part in a unicast load");
        check(
                (long) messages * devicesPerUser <= MAX_DELIVERIES,
                "rate times seconds times devices per user must be at most " + MAX_DELIVERIES);
    }

    /** Microseconds after the start. */
    public long offsetMicros(int message) {
        // In whole seconds and the rest, so that nothing overflows.
        return message / rate * MICROS_PER_SECOND + message % rate * MICROS_PER_SECOND / rate;
    }

    /** Which slot of {@link #SLOT_MICROS} the message is due in. */
    public int slot(int message) {
        return (int) (offsetMicros(message) / SLOT_MICROS);
    }

    public boolean isForUser(int message) {
        return switch (shape) {
            case UNICAST -> false;
            case USER -> true;
            case MIXED -> Long.remainderUnsigned(mix(~seed + message), USER_ONE_IN) == 0;
        };
    }

    /** The first of the devices a message is for. */
    public int firstDevice(int message) {
        int random = (int) Long.remainderUnsigned(mix(seed + message), connections);
        return isForUser(message) ? random / devicesPerUser * devicesPerUser : random;
    }

    /** How many devices, from the first on, the message is for. */
    public int fanOut(int message) {
        return isForUser(message)
                ? Math.min(devicesPerUser, connections - firstDevice(message))
                : 1;
    }

    public boolean isFor(int message, int device) {
        int first = firstDevice(message);
        return device >= first && device < first + fanOut(message);
    }

    /** A number of this delivery that no other one has, below {@link #deliveries}. */
    public int delivery(int message, int device) {
        return message * devicesPerUser + (device - firstDevice(message));
    }

    /** An upper bound of {@link #delivery}, exclusive. */
    public int deliveries() {
        return messages * devicesPerUser;
    }

    public int userOf(int device) {
        return device / devicesPerUser;
    }

    public boolean hasUsers() {
        return shape != Shape.UNICAST;
    }

    public String deviceName(int device) {
        return "load-" + run + "-" + device;
    }

    public String userName(int user) {
        return "load-" + run + "-u" + user;
    }

    public String messageId(int message) {
        return run + "-" + message;
    }

    /** The number of one of this run's devices; -1 for any other name. */
    public int deviceOf(String name) {
        return number(name, "load-" + run + "-", connections);
    }

    /** The number of one of this run's messages; -1 for any other id. */
    public int messageOf(String id) {
        return number(id, run + "-", messages);
    }

    private static int number(String text, String prefix, int bound) {
        int digits = text.length() - prefix.length();
        if (digits < 1 || digits > 9 || !text.startsWith(prefix)) {
            return -1;
        }
        int value = 0;
        for (int i = prefix.length(); i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value < bound ? value : -1;
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood, 2014) over a Weyl sequence. */
    private static long mix(long index) {
        long z = index * 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    private static void check(boolean ok, String message) {
        if (!ok) {
            throw new IllegalArgumentException(message);
        }
    }
}
