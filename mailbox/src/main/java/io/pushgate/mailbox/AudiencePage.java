package io.pushgate.mailbox;

import java.util.List;

/**
 * A page of an audience.
 *
 * @param devices in the order of the audience; may be fewer than asked for, also none
 * @param next where the next page begins
 * @param more whether there is one
 */
public record AudiencePage(List<String> devices, AudienceCursor next, boolean more) {}
