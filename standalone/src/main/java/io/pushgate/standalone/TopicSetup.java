package io.pushgate.standalone;

import io.pushgate.protocol.Topics;
import io.pushgate.runtime.Health;
import io.pushgate.runtime.StartupException;
import io.pushgate.runtime.config.KafkaConfig;
import io.pushgate.runtime.kafka.KafkaTopics;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Creates the topics that are missing. A Kafka that is away is no reason not to start: it is tried
 * again until it answers.
 */
final class TopicSetup implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TopicSetup.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    // Deliveries are orders of the moment: what is older has been replayed from the inbox since.
    private static final Map<String, String> OF_THE_MOMENT =
            Map.of("retention.ms", Long.toString(Duration.ofHours(6).toMillis()));

    private static final Map<String, Map<String, String>> TOPICS = topics();

    private final KafkaConfig kafka;
    private final CountDownLatch tried = new CountDownLatch(1);
    private final Thread thread;
    private volatile Health.Check check = Health.Check.failing("topics", "not looked at yet");

    TopicSetup(KafkaConfig kafka) {
        this.kafka = kafka;
        this.thread = Thread.ofVirtual().name("topic-setup").unstarted(this::run);
    }

    /** Returns after the first try, successful or not: 15 s at most. */
    void start() throws InterruptedException {
        thread.start();
        tried.await();
    }

    Health.Check check() {
        return check;
    }

    private static Map<String, Map<String, String>> topics() {
        Map<String, Map<String, String>> topics = new HashMap<>();
        Topics.all().forEach(topic -> topics.put(topic, Map.of()));
        Topics.lanesOf(Topics.DELIVERIES).forEach(topic -> topics.put(topic, OF_THE_MOMENT));
        return Map.copyOf(topics);
    }

    private void run() {
        try {
            while (!ensure()) {
                tried.countDown();
                Thread.sleep(RETRY_AFTER);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            tried.countDown();
        }
    }

    private boolean ensure() throws InterruptedException {
        try {
            KafkaTopics.ensure(kafka, TOPICS);
            check = Health.Check.ok("topics", "all there");
            return true;
        } catch (StartupException e) {
            log.warn("the topics are not there yet: {}", e.getMessage());
            check = Health.Check.failing("topics", Errors.reason(e));
            return false;
        }
    }

    @Override
    public void close() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }
}
