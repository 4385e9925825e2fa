package io.pushgate.mailbox;

import io.pushgate.protocol.InvalidInputException;

import org.jspecify.annotations.Nullable;

/**
 * A device as the scripts store it: {@code number|platform|user}.
 *
 * @param number of its newest session, which may have ended
 * @param user null for nobody
 */
record StoredDevice(long number, String platform, @Nullable String user) {
    static StoredDevice parse(String text) throws InvalidInputException {
        String[] parts = text.split("\\|", 3);
        if (parts.length != 3) {
            throw new InvalidInputException("not a device: " + text);
        }
        try {
            return new StoredDevice(
                    Long.parseLong(parts[0]), parts[1], parts[2].isEmpty() ? null : parts[2]);
        } catch (NumberFormatException e) {
            throw new InvalidInputException("not a device: " + text, e);
        }
    }
}
