package io.pushgate.runtime.config;

import java.util.Map;

/** Where Kafka is, how missing topics are created, and what its clients are told besides. */
public record KafkaConfig(
        @Default("127.0.0.1:9092") @Doc("Brokers to ask first, as host:port, separated by commas.")
                String bootstrapServers,
        @Default("12")
                @Range(min = 1, max = 10_000)
                @Doc("Partitions of a topic that has to be created.")
                int partitions,
        @Default("1")
                @Range(min = 1, max = 100)
                @Doc("Copies of each partition of a topic that has to be created.")
                short replication,
        @Doc("Settings for every Kafka client, by Kafka's own names, such as security.protocol.")
                Map<String, String> properties,
        KafkaSecurity security) {
    public KafkaConfig {
        properties = Map.copyOf(properties);
    }

    /** Of brokers that ask for nothing, or as {@code properties} say. */
    public KafkaConfig(
            String bootstrapServers,
            int partitions,
            short replication,
            Map<String, String> properties) {
        this(bootstrapServers, partitions, replication, properties, KafkaSecurity.NONE);
    }
}
