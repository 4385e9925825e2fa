package io.pushgate.mailbox;

import io.pushgate.protocol.InvalidInputException;

/**
 * How far an expansion is.
 *
 * @param offered devices that it has been offered to
 * @param cursor where it goes on, in words of whoever expands; no white space
 * @param done whether nothing is left
 */
public record Progress(long offered, String cursor, boolean done) {
    public static final Progress NONE = new Progress(0, "", false);

    private static final String DONE = "done";

    @Override
    public String toString() {
        return equals(NONE) ? "" : offered + " " + (done ? DONE : "at " + cursor);
    }

    static Progress parse(String text) throws InvalidInputException {
        if (text.isEmpty()) {
            return NONE;
        }
        String[] parts = text.split(" ", 3);
        try {
            if (parts.length == 2 && parts[1].equals(DONE)) {
                return new Progress(Long.parseLong(parts[0]), "", true);
            }
            if (parts.length == 3) {
                return new Progress(Long.parseLong(parts[0]), parts[2], false);
            }
        } catch (NumberFormatException e) {
            throw new InvalidInputException("no progress: " + text, e);
        }
        throw new InvalidInputException("no progress: " + text);
    }
}
