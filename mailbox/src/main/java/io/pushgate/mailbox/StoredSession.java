package io.pushgate.mailbox;

import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Route;

/** A session as the scripts store it: {@code node|number|since|platform|version}. */
record StoredSession(Route route, long since, String platform, String version) {
    static StoredSession parse(String text) throws InvalidInputException {
        String[] parts = text.split("\\|", 5);
        if (parts.length != 5) {
            throw new InvalidInputException("not a session: " + text);
        }
        try {
            Route route = new Route(parts[0], Long.parseLong(parts[1]));
            return new StoredSession(route, Long.parseLong(parts[2]), parts[3], parts[4]);
        } catch (NumberFormatException e) {
            throw new InvalidInputException("not a session: " + text, e);
        }
    }
}
