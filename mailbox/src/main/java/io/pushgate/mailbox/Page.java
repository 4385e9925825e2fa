package io.pushgate.mailbox;

import java.util.List;

/**
 * A stretch of an inbox, in order.
 *
 * @param entries empty only if {@code more} is false
 * @param more whether messages follow the last entry
 */
public record Page(List<Entry> entries, boolean more) {}
