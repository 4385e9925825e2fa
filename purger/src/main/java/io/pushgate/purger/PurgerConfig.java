package io.pushgate.purger;

import io.pushgate.runtime.config.Default;
import io.pushgate.runtime.config.Doc;
import io.pushgate.runtime.config.DurationRange;
import io.pushgate.runtime.config.Range;

import java.time.Duration;

/** The purger's section of the configuration. */
public record PurgerConfig(
        @Doc("Kafka consumer group that the purgers share.") @Default("pushgate-purger")
                String group,
        @Doc("Records taken from Kafka in one poll, at most.")
                @Default("500")
                @Range(min = 1, max = 10_000)
                int maxPollRecords,
        @Doc("Records taken and not complete, beyond which the partitions are paused.")
                @Default("5000")
                @Range(min = 1, max = 1_000_000)
                int maxInFlight,
        @Doc("Deliveries and receipts handed to Kafka and not acknowledged, at most.")
                @Default("10000")
                @Range(min = 1, max = 1_000_000)
                int maxUnacknowledged,
        @Doc("Messages offered to the mailboxes in one go; larger fan-outs are split.")
                @Default("2000")
                @Range(min = 1, max = 100_000)
                int maxOffers,
        @Doc("First pause before Redis or Kafka is tried again; doubles with each failure.")
                @Default("100ms")
                @DurationRange(min = "1ms")
                Duration retryFirst,
        @Doc("Longest pause before Redis or Kafka is tried again.")
                @Default("2s")
                @DurationRange(min = "1ms")
                Duration retryMost,
        @Doc("How much is offered again when Redis failed over or started again; 0s for nothing.")
                @Default("10s")
                @DurationRange(max = "2m")
                Duration replayAfterFailover,
        @Doc(
                        "Devices of a group above which a message to it goes into one broadcast log of"
                                + " the group rather than into the inbox of each.")
                @Default("10000")
                @Range(min = 1, max = 1_000_000)
                int groupLogAbove,
        ExpansionConfig expansion) {
    public PurgerConfig {
        if (maxPollRecords > maxInFlight / 2) {
            throw new IllegalArgumentException(
                    "max-poll-records: at most half of max-in-flight is allowed");
        }
    }

    /** How requests to many devices are offered. */
    public record ExpansionConfig(
            @Doc(
                            "Devices that are offered together with their request; to more it is offered chunk by chunk, of so many.")
                    @Default("500")
                    @Range(min = 1, max = 10_000)
                    int chunk,
            @Doc("Requests to many devices taken and not finished; more wait in Kafka.")
                    @Default("1000")
                    @Range(min = 2, max = 100_000)
                    int maxInFlight,
            @Doc(
                            "Devices a second that bulk requests to many devices are offered to by one purger, at most; what passes them stays quick then.")
                    @Default("1000")
                    @Range(min = 1, max = 1_000_000)
                    int bulkPerSecond) {}
}
