package io.pushgate.mailbox;

import io.pushgate.protocol.InvalidInputException;

/**
 * A place in the order of an audience: by part, then by name. It stays where it is while devices
 * join and leave, so whoever reads on from it gets each device that is there all the time once.
 *
 * @param part counts from 0
 * @param device the last one read of this part, empty at its beginning
 */
public record AudienceCursor(int part, String device) {
    public static final AudienceCursor START = new AudienceCursor(0, "");

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return part + ":" + device;
    }

    /**
     * @throws InvalidInputException for anything that {@link #toString} could not have made
     */
    public static AudienceCursor parse(String text) throws InvalidInputException {
        int colon = text.indexOf(':');
        try {
            if (colon > 0) {
                return new AudienceCursor(
                        Integer.parseUnsignedInt(text, 0, colon, 10), text.substring(colon + 1));
            }
        } catch (NumberFormatException e) {
            throw new InvalidInputException("not a cursor: " + text, e);
        }
        throw new InvalidInputException("not a cursor: " + text);
    }
}
