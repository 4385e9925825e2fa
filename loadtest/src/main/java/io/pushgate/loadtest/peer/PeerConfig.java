package io.pushgate.loadtest.peer;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * What is done with another server.
 *
 * @param url {@code ws://host[:port][/path]}
 * @param connections by this process
 * @param rate messages a second; without meaning for {@link Case#IDLE}
 * @param seconds how long to send, or to hold
 * @param bytes of a message
 * @param ramp connections begun a second
 * @param subprotocol null for none
 * @param headers of the handshake, besides
 */
public record PeerConfig(
        String url,
        int connections,
        Case kind,
        int rate,
        int seconds,
        int bytes,
        int ramp,
        @Nullable String subprotocol,
        Map<String, String> headers) {
    static final int MIN_BYTES = 64;

    /** No process has so many files, and deliveries are counted in 15 bits. */
    private static final int MAX_CONNECTIONS = 32_000;

    private static final int MAX_BYTES = 60_000;
    private static final int MAX_MESSAGES = 50_000_000;

    /** What the server does with a message. */
    public enum Case {
        /** None is sent. */
        IDLE,
        /** Each comes back to the connection it came from. */
        ECHO,
        /** The first connection sends, all others get each. */
        BROADCAST
    }

    /**
     * @throws IllegalArgumentException in words for the person who typed the value
     */
    public PeerConfig {
        headers = Map.copyOf(headers);
        range("connections", connections, kind == Case.BROADCAST ? 2 : 1, MAX_CONNECTIONS);
        range("rate", rate, 1, 1_000_000);
        range("seconds", seconds, 1, 24 * 3600);
        range("size", bytes, MIN_BYTES, MAX_BYTES);
        range("ramp", ramp, 1, 100_000);
        if ((long) rate * seconds > MAX_MESSAGES) {
            throw new IllegalArgumentException(
                    "rate times seconds must be at most " + MAX_MESSAGES);
        }
    }

    /** How many messages are sent. */
    int messages() {
        return kind == Case.IDLE ? 0 : rate * seconds;
    }

    /** How many connections get each. */
    int receivers() {
        return switch (kind) {
            case IDLE -> 0;
            case ECHO -> 1;
            case BROADCAST -> connections - 1;
        };
    }

    private static void range(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "%s must be between %,d and %,d, not %,d".formatted(name, min, max, value));
        }
    }
}
