package io.pushgate.mailbox;

import java.time.Duration;
import java.util.Optional;

/**
 * How long until there is something to do in a shard.
 *
 * @param device until the first armed device is overdue: zero if one is, empty if none is armed
 * @param request until the first scheduled request is due: zero if one is, empty if there is none
 */
public record ShardDue(Optional<Duration> device, Optional<Duration> request) {}
