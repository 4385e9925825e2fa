package io.pushgate.mailbox;

import java.util.Set;

/**
 * Groups of an app that have a broadcast log.
 *
 * @param at when Redis said so, by its clock (epoch ms)
 */
public record GroupLogs(long at, Set<String> groups) {}
