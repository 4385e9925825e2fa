package io.pushgate.runtime.redis;

import io.pushgate.runtime.telemetry.MeterName;

/** What a {@link RedisConnection} counts. */
public enum RedisMeters implements MeterName {
    CONNECTED("pushgate.redis.connected", "1 while Redis answers pings, else 0"),
    PING_FAILURES(
            "pushgate.redis.ping.failures", "Pings (one a second) that were not answered in time"),
    PING("pushgate.redis.ping", "How long Redis took to answer a ping, one a second"),
    MEMORY_USED(
            "pushgate.redis.memory.used.bytes",
            "Memory that the fullest primary uses, of 10 s ago"),
    MEMORY_LIMIT(
            "pushgate.redis.memory.limit.bytes",
            "What that primary may use at most (maxmemory), 0 where nothing is set"),
    HISTORY_CHANGES(
            "pushgate.redis.history.changes",
            "Primaries that turned up with other data than was known: failovers and restarts"),
    UNREPLICATED(
            "pushgate.redis.unreplicated",
            "Writes that too few replicas confirmed in time; they are made again"),
    SUBSCRIPTIONS(
            "pushgate.redis.subscriptions",
            "Channels that the server has confirmed a subscription for"),
    SUBSCRIPTIONS_LOST(
            "pushgate.redis.subscriptions.lost",
            "Subscriptions that a lost connection or the server ended; each is made again"),
    HANDLER_ERRORS(
            "pushgate.redis.handler.errors", "Messages whose handler threw; each is dropped");

    private final String meterName;
    private final String description;

    RedisMeters(String meterName, String description) {
        this.meterName = meterName;
        this.description = description;
    }

    @Override
    public String meterName() {
        return meterName;
    }

    @Override
    public String description() {
        return description;
    }
}
