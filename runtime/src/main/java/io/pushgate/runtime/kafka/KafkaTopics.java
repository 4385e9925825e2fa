package io.pushgate.runtime.kafka;

import io.pushgate.runtime.StartupException;
import io.pushgate.runtime.config.KafkaConfig;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Creates the topics that are missing. */
public final class KafkaTopics {
    private static final int TIMEOUT_SECONDS = 15;
    private static final int PAUSE_MILLIS = 50;
    private static final int MAX_TRIES = TIMEOUT_SECONDS * 1_000 / PAUSE_MILLIS;

    private KafkaTopics() {}

    /**
     * Creates those of {@code topics} that don't exist, with the partitions and replication of
     * {@code kafka}, and waits until they can be written; leaves the others as they are. Safe to be
     * called by several processes at once.
     *
     * @param topics by name, each with Kafka's own topic settings, such as {@code retention.ms}
     * @throws StartupException if Kafka doesn't answer within 15 s, or refuses
     */
    public static void ensure(KafkaConfig kafka, Map<String, Map<String, String>> topics)
            throws StartupException, InterruptedException {
        try (Admin admin = Admin.create(KafkaSettings.admin(kafka))) {
            // Looked up first: who may not create topics needs no right to when all are there.
            Set<String> existing = await(admin.listTopics().names());
            List<NewTopic> missing =
                    topics.entrySet().stream()
                            .filter(topic -> !existing.contains(topic.getKey()))
                            .map(
                                    topic ->
                                            new NewTopic(
                                                            topic.getKey(),
                                                            kafka.partitions(),
                                                            kafka.replication())
                                                    .configs(topic.getValue()))
                            .toList();
            Map<TopicPartition, OffsetSpec> created = new HashMap<>();
            for (Map.Entry<String, KafkaFuture<Void>> topic :
                    admin.createTopics(missing).values().entrySet()) {
                if (awaitCreated(topic.getKey(), topic.getValue())) {
                    for (int p = 0; p < kafka.partitions(); p++) {
                        created.put(new TopicPartition(topic.getKey(), p), OffsetSpec.latest());
                    }
                }
            }
            awaitLed(admin, created);
        } catch (TimeoutException | org.apache.kafka.common.errors.TimeoutException e) {
            throw new StartupException(
                    "Kafka at "
                            + kafka.bootstrapServers()
                            + " does not answer; is it running, and is the address right"
                            + " (PUSHGATE_KAFKA_BOOTSTRAP_SERVERS)?",
                    e);
        } catch (KafkaException e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            throw new StartupException(
                    "Kafka at " + kafka.bootstrapServers() + " can't be used: " + why.getMessage(),
                    e);
        }
    }

    /**
     * Waits until the leaders themselves answer. Of a producer that comes before a partition is
     * led, the second batch may be taken and the first refused ever after: KAFKA-15591.
     */
    private static void awaitLed(Admin admin, Map<TopicPartition, OffsetSpec> partitions)
            throws InterruptedException, TimeoutException {
        for (int tries = 1; ; tries++) {
            try {
                await(admin.listOffsets(partitions).all());
                return;
            } catch (RetriableException e) { // a broker that has not heard of them yet
                if (tries == MAX_TRIES) {
                    throw e;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    /** Returns whether this process made it; another may have been faster. */
    private static boolean awaitCreated(String topic, KafkaFuture<Void> created)
            throws StartupException, InterruptedException, TimeoutException {
        try {
            await(created);
            return true;
        } catch (TopicExistsException e) {
            return false;
        } catch (org.apache.kafka.common.errors.TimeoutException e) {
            throw e;
        } catch (KafkaException e) {
            throw new StartupException(
                    "Kafka topic " + topic + " can't be created: " + e.getMessage(), e);
        }
    }

    private static <T> T await(KafkaFuture<T> future)
            throws InterruptedException, TimeoutException {
        try {
            return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException refused) {
                throw refused;
            }
            throw new KafkaException(e.getCause());
        }
    }
}
