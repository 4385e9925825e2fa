package io.pushgate.delayer;

import io.pushgate.runtime.config.Default;
import io.pushgate.runtime.config.Doc;
import io.pushgate.runtime.config.DurationRange;
import io.pushgate.runtime.config.Range;

import java.time.Duration;

/** The delayer's section of the configuration. */
public record DelayerConfig(
        @Doc("How often shards with overdue devices are looked for.")
                @Default("250ms")
                @DurationRange(min = "10ms")
                Duration tick,
        @Doc(
                        "How long a shard is left alone in which nothing is due; beyond the first"
                                + " backoff, redeliveries come late.")
                @Default("4s")
                @DurationRange(min = "10ms")
                Duration idleCheck,
        @Doc("How often every shard is swept for expired messages and forgotten receipts.")
                @Default("5s")
                @DurationRange(min = "10ms")
                Duration sweepTick,
        @Doc("Shards asked at the same time.") @Default("64") @Range(min = 1, max = 1024)
                int concurrency,
        @Doc("Devices or receipts taken from a shard at once.")
                @Default("100")
                @Range(min = 1, max = 256)
                int limit,
        @Doc("Age at which a receipt in the outbox counts as forgotten by its producer.")
                @Default("30s")
                @DurationRange(min = "10ms")
                Duration outboxAge,
        @Doc("How often the leases of the access nodes are read.")
                @Default("1s")
                @DurationRange(min = "10ms")
                Duration leaseRefresh,
        @Doc("Reads in a row without its lease after which an access node is dead.")
                @Default("10")
                @Range(min = 1, max = 1000)
                int deadAfterRefreshes) {}
