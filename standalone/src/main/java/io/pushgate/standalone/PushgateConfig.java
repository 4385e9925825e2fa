package io.pushgate.standalone;

import io.pushgate.access.AccessConfig;
import io.pushgate.console.ConsoleConfig;
import io.pushgate.delayer.DelayerConfig;
import io.pushgate.dispatcher.DispatcherConfig;
import io.pushgate.mailbox.MailboxConfig;
import io.pushgate.purger.PurgerConfig;
import io.pushgate.runtime.config.Default;
import io.pushgate.runtime.config.Doc;
import io.pushgate.runtime.config.DurationRange;
import io.pushgate.runtime.config.KafkaConfig;
import io.pushgate.runtime.config.ManagementConfig;
import io.pushgate.runtime.config.Range;
import io.pushgate.runtime.config.RedisConfig;
import io.pushgate.runtime.log.LogConfig;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;

/** Everything that can be configured, as one YAML file or as {@code PUSHGATE_*} variables. */
public record PushgateConfig(
        @Doc(
                        "Names this process among the others, 1 to 64 of A-Z a-z 0-9 . _ -; by"
                                + " default made of the host's name and a port.")
                @Nullable String nodeId,
        @Doc(
                        "Where standalone keeps everything, and where a role finds the development"
                                + " key; standalone without it uses a temporary folder.")
                @Nullable Path data,
        RedisConfig redis,
        KafkaConfig kafka,
        ManagementConfig management,
        LogConfig log,
        MailboxConfig mailbox,
        AccessConfig access,
        PurgerConfig purger,
        DispatcherConfig dispatcher,
        DelayerConfig delayer,
        ConsoleConfig console,
        DrainConfig drain,
        StandaloneConfig standalone) {

    /** How a process goes down. */
    public record DrainConfig(
            @Doc(
                            "How long all roles together may take to hand over what they hold when"
                                    + " the process is told to stop.")
                    @Default("25s")
                    @DurationRange(min = "0s", max = "1h")
                    Duration deadline) {}

    /** The Redis and the Kafka that standalone brings along; other commands ignore these. */
    public record StandaloneConfig(
            @Doc("The port of standalone's own Kafka, 0 for any free one.")
                    @Default("9092")
                    @Range(min = 0, max = 65535)
                    int kafkaPort,
            @Doc(
                            "Partitions of a topic that standalone makes in its own Kafka: fewer"
                                    + " than kafka.partitions, as there is one reader of each, and"
                                    + " every one costs.")
                    @Default("4")
                    @Range(min = 1, max = 10_000)
                    int kafkaPartitions,
            @Doc("The port of standalone's own Redis, 0 for any free one.")
                    @Default("6379")
                    @Range(min = 0, max = 65535)
                    int redisPort) {}

    /** Whether somebody said which web pages may connect. */
    public boolean limitsOrigins() {
        return !access.originAllowed().isEmpty();
    }

    public PushgateConfig withData(Path newData) {
        return new PushgateConfig(
                nodeId,
                newData,
                redis,
                kafka,
                management,
                log,
                mailbox,
                access,
                purger,
                dispatcher,
                delayer,
                console,
                drain,
                standalone);
    }

    public PushgateConfig withRedis(RedisConfig newRedis) {
        return new PushgateConfig(
                nodeId,
                data,
                newRedis,
                kafka,
                management,
                log,
                mailbox,
                access,
                purger,
                dispatcher,
                delayer,
                console,
                drain,
                standalone);
    }

    public PushgateConfig withKafka(KafkaConfig newKafka) {
        return new PushgateConfig(
                nodeId,
                data,
                redis,
                newKafka,
                management,
                log,
                mailbox,
                access,
                purger,
                dispatcher,
                delayer,
                console,
                drain,
                standalone);
    }

    public PushgateConfig withAccess(AccessConfig newAccess) {
        return new PushgateConfig(
                nodeId,
                data,
                redis,
                kafka,
                management,
                log,
                mailbox,
                newAccess,
                purger,
                dispatcher,
                delayer,
                console,
                drain,
                standalone);
    }
}
