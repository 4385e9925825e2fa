package io.pushgate.dispatcher;

import io.pushgate.runtime.config.Default;
import io.pushgate.runtime.config.Doc;
import io.pushgate.runtime.config.DurationRange;
import io.pushgate.runtime.config.Range;

import java.time.Duration;

/** The dispatcher's section of the configuration. */
public record DispatcherConfig(
        @Doc("Kafka consumer group that the dispatchers share.") @Default("pushgate-dispatcher")
                String group,
        @Doc("Records taken from Kafka in one poll, at most.")
                @Default("500")
                @Range(min = 1, max = 10_000)
                int maxPollRecords,
        @Doc("Records taken and not complete, beyond which the partitions are paused.")
                @Default("5000")
                @Range(min = 2, max = 1_000_000)
                int maxInFlight,
        @Doc("Devices whose route is remembered.")
                @Default("200000")
                @Range(min = 1, max = 10_000_000)
                int routeCacheSize,
        @Doc("Bytes published to a node in one message; more is split.")
                @Default("524288")
                @Range(min = 1024, max = 16_777_216)
                int maxBatchBytes,
        @Doc("How often the leases of the access nodes are read.")
                @Default("1s")
                @DurationRange(min = "10ms")
                Duration leaseRefresh,
        @Doc("Reads in a row without its lease after which an access node is dead.")
                @Default("10")
                @Range(min = 1, max = 1000)
                int deadAfterRefreshes,
        @Doc("Bounced devices waiting to be looked up; more are left to the delayer.")
                @Default("20000")
                @Range(min = 1, max = 1_000_000)
                int maxBounced,
        @Doc("First pause before Redis is tried again; doubles with each failure.")
                @Default("50ms")
                @DurationRange(min = "1ms")
                Duration retryFirst,
        @Doc("Longest pause before Redis is tried again.")
                @Default("1s")
                @DurationRange(min = "1ms")
                Duration retryMost) {
    public DispatcherConfig {
        if (maxPollRecords > maxInFlight / 2) {
            throw new IllegalArgumentException(
                    "max-poll-records: at most half of max-in-flight is allowed");
        }
    }
}
