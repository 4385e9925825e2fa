package io.pushgate.mailbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.config.KafkaConfig;
import io.pushgate.runtime.redis.RedisConnection;

/**
 * What every role of a process is built on; the process owns and closes it, after its roles.
 *
 * @param nodeId names the process in routes, leases and reply channels
 */
public record RoleContext(
        String nodeId,
        RedisConnection redis,
        Mailbox mailbox,
        NodeLeases leases,
        NodeBus bus,
        KafkaConfig kafka,
        MeterRegistry registry,
        Ticker ticker) {

    /** The same with another bus. */
    public RoleContext withBus(NodeBus otherBus) {
        return new RoleContext(nodeId, redis, mailbox, leases, otherBus, kafka, registry, ticker);
    }
}
