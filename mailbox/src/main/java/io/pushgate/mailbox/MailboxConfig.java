package io.pushgate.mailbox;

import io.pushgate.runtime.config.Default;
import io.pushgate.runtime.config.Doc;
import io.pushgate.runtime.config.DurationRange;
import io.pushgate.runtime.config.Range;

import java.time.Duration;
import java.util.List;

/** How inboxes are kept; every role of one installation must have the same values. */
public record MailboxConfig(
        @Default("1024")
                @Range(min = 1, max = 16_384)
                @Doc("Shards that devices are spread over; never change it on a Redis with data.")
                int shards,
        @Default("1000")
                @Range(min = 1, max = 10_000)
                @Doc("Messages that wait for one device at most; the oldest give way.")
                int inboxCap,
        @Default("5s,10s,20s,40s,80s")
                @DurationRange(min = "10ms", max = "1h")
                @Doc(
                        "How long to wait for an ack before each redelivery; after the last the session is cut.")
                List<Duration> backoff,
        @Default("0.1")
                @Range(min = 0, max = 0.9)
                @Doc(
                        "How far each backoff is randomly stretched or shortened, as a fraction of it.")
                double jitter,
        @Default("512")
                @Range(min = 64, max = 1_048_576)
                @Doc(
                        "Payloads of more bytes than this are stored compressed, where that makes them"
                                + " smaller; with a dictionary, those of more than a quarter of it.")
                int compressAbove,
        @Default("0")
                @Range(min = 0, max = 10)
                @Doc(
                        "Replicas of each Redis primary that must have a message before its request counts as done; 0 trusts the primary alone.")
                int minReplicas,
        @Default("25h")
                @DurationRange(min = "1m", max = "192h")
                @Doc(
                        "How long a message can be recalled by its id; Redis keeps about 200 bytes a message for it.")
                Duration recallFor,
        @Default("1073741824")
                @Range(min = 1_048_576, max = 1_099_511_627_776L)
                @Doc(
                        "Bytes of requests that wait for their deliverAt, over all shards; beyond its share a shard takes no more.")
                long scheduledBytes,
        LogConfig logs) {
    private static final long SCHEDULED_BYTES = 1L << 30;
    private static final Duration RECALL_FOR = Duration.ofHours(25);

    /** The section {@code mailbox.logs}: how broadcast logs are kept. */
    public record LogConfig(
            @Default("1000")
                    @Range(min = 1, max = 100_000)
                    @Doc("Messages that a broadcast log keeps at most; the oldest give way.")
                    int cap,
            @Default("7d")
                    @DurationRange(min = "1m", max = "7d")
                    @Doc("How long a broadcast log keeps a message.")
                    Duration retention) {
        /** The values used where nothing is configured. */
        public static LogConfig defaults() {
            return new LogConfig(1000, Duration.ofDays(7));
        }
    }

    public MailboxConfig {
        backoff = List.copyOf(backoff);
        if (backoff.isEmpty()) {
            throw new IllegalArgumentException("backoff: at least one duration is needed");
        }
    }

    /** Without a demand on replicas, and with the usual broadcast logs. */
    public MailboxConfig(
            int shards, int inboxCap, List<Duration> backoff, double jitter, int compressAbove) {
        this(
                shards,
                inboxCap,
                backoff,
                jitter,
                compressAbove,
                0,
                RECALL_FOR,
                SCHEDULED_BYTES,
                LogConfig.defaults());
    }

    /** The same with another demand on replicas. */
    public MailboxConfig withMinReplicas(int replicas) {
        return new MailboxConfig(
                shards,
                inboxCap,
                backoff,
                jitter,
                compressAbove,
                replicas,
                recallFor,
                scheduledBytes,
                logs);
    }

    /** The same with other broadcast logs. */
    public MailboxConfig withLogs(LogConfig newLogs) {
        return new MailboxConfig(
                shards,
                inboxCap,
                backoff,
                jitter,
                compressAbove,
                minReplicas,
                recallFor,
                scheduledBytes,
                newLogs);
    }

    /** The values used where nothing is configured. */
    public static MailboxConfig defaults() {
        return new MailboxConfig(
                1024,
                1000,
                List.of(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(40),
                        Duration.ofSeconds(80)),
                0.1,
                512);
    }
}
