package io.pushgate.embedded;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** The broker properties of a single node that starts quickly, and the formatting of its folder. */
record KafkaSettings(Path dir, int port, int controllerPort, Map<String, String> overrides) {
    private static final int NODE_ID = 1;

    Properties properties() {
        Properties p = new Properties();
        p.put("process.roles", "broker,controller");
        p.put("node.id", Integer.toString(NODE_ID));
        p.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        p.put(
                "listeners",
                "CLIENTS://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        p.put("advertised.listeners", "CLIENTS://127.0.0.1:" + port);
        p.put("listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.put("inter.broker.listener.name", "CLIENTS");
        p.put("controller.listener.names", "CONTROLLER");
        p.put("log.dirs", dir.toAbsolutePath().toString());
        p.put("auto.create.topics.enable", "false");
        oneOfEverything(p);
        quickToAnswer(p);
        p.putAll(overrides);
        return p;
    }

    /** Formats the folder unless it is already. */
    void formatOnce() {
        if (Files.exists(dir.resolve("meta.properties"))) {
            return;
        }
        try (PrintStream nowhere =
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(nowhere)
                    .setNodeId(NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName("CONTROLLER")
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setMetadataLogDirectory(dir.toAbsolutePath().toString())
                    .addDirectory(dir.toAbsolutePath().toString())
                    .run();
        } catch (Exception e) {
            throw new EmbeddedException(
                    "can't format the folder " + dir + " for Kafka: " + e.getMessage(), e);
        }
    }

    /** Nobody to replicate to. */
    private static void oneOfEverything(Properties p) {
        p.put("default.replication.factor", "1");
        p.put("min.insync.replicas", "1");
        p.put("offsets.topic.replication.factor", "1");
        p.put("offsets.topic.num.partitions", "4");
        p.put("transaction.state.log.replication.factor", "1");
        p.put("transaction.state.log.min.isr", "1");
        p.put("transaction.state.log.num.partitions", "2");
        p.put("share.coordinator.state.topic.replication.factor", "1");
        p.put("share.coordinator.state.topic.min.isr", "1");
        p.put("share.coordinator.state.topic.num.partitions", "2");
        p.put("num.network.threads", "1");
        p.put("num.io.threads", "2");
        // A controller of one has no followers that it would have to tell twice a second that
        // nothing is new, each time with a write to the disk.
        p.put("metadata.max.idle.interval.ms", "10000");
    }

    private static void quickToAnswer(Properties p) {
        p.put("group.initial.rebalance.delay.ms", "0");
        p.put("group.min.session.timeout.ms", "1000");
        p.put("group.consumer.min.session.timeout.ms", "1000");
        p.put("group.consumer.min.heartbeat.interval.ms", "100");
        // A controller of one has nobody to wait for ...
        p.put("controller.quorum.election.timeout.ms", "200");
        p.put("controller.quorum.election.backoff.max.ms", "100");
        p.put("controller.quorum.fetch.timeout.ms", "1000");
        // ... and after a kill -9 the new broker can register only when the session of the old one
        // is over.
        p.put("broker.heartbeat.interval.ms", "500");
        p.put("broker.session.timeout.ms", "3000");
    }
}
