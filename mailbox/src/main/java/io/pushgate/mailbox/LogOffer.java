package io.pushgate.mailbox;

import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.Message;

import java.util.Set;

/**
 * A message for a broadcast log.
 *
 * @param origin where the request came from, as in {@link Offer}
 * @param platforms the platforms it is meant for, empty for all
 * @param recalled whether it was recalled before it came here: it does not get into the log
 */
public record LogOffer(
        LogKey log, Message message, String origin, Set<String> platforms, boolean recalled) {}
