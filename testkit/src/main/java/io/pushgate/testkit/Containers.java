package io.pushgate.testkit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The shared servers as containers, where a Docker engine answers and has (or can get) the image;
 * {@code -Dpushgate.containers=off} does without.
 */
final class Containers {
    private static final Logger log = LoggerFactory.getLogger(Containers.class);
    private static final int REDIS_PORT = 6379;
    private static final boolean AVAILABLE = available();

    private Containers() {}

    /** The URI of a Redis in a container, which Testcontainers removes when this JVM is gone. */
    static Optional<String> redis() {
        return orNone(
                () -> {
                    GenericContainer<?> redis =
                            new GenericContainer<>(DockerImageName.parse("redis:7.4-alpine"))
                                    .withExposedPorts(REDIS_PORT);
                    redis.start();
                    return "redis://" + redis.getHost() + ":" + redis.getMappedPort(REDIS_PORT);
                });
    }

    /**
     * The bootstrap servers of a Kafka in a container, which Testcontainers removes when this JVM
     * is gone.
     */
    static Optional<String> kafka() {
        return orNone(
                () -> {
                    KafkaContainer kafka =
                            new KafkaContainer(DockerImageName.parse("apache/kafka:4.1.1"))
                                    .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                                    .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
                                    .withEnv("KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "1000");
                    kafka.start();
                    return kafka.getBootstrapServers();
                });
    }

    private static Optional<String> orNone(Supplier<String> start) {
        if (!AVAILABLE) {
            return Optional.empty();
        }
        try {
            return Optional.of(start.get());
        } catch (RuntimeException e) {
            log.warn("No container, using the embedded server: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Testcontainers asks thoroughly and logs a page where there is none; these two signs are
     * enough to not even ask.
     */
    private static boolean available() {
        boolean wanted = !"off".equals(System.getProperty("pushgate.containers"));
        boolean sign =
                System.getenv("DOCKER_HOST") != null
                        || Files.exists(Path.of("/var/run/docker.sock"));
        return wanted && sign && DockerClientFactory.instance().isDockerAvailable();
    }
}
