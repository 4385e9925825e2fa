package io.pushgate.testkit;

import io.pushgate.embedded.EmbeddedKafka;
import io.pushgate.embedded.EmbeddedKafkaSettings;
import io.pushgate.runtime.config.KafkaConfig;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;

/**
 * A real Kafka for tests: one that all tests of the JVM share, or an own one to stop and start. Any
 * thread may call.
 *
 * <p>The shared one is a container where Docker answers, else an embedded one; where neither works
 * the test fails. Topics are not created by use.
 */
public final class TestKafka implements AutoCloseable {
    private final String bootstrapServers;
    private final @Nullable EmbeddedKafka own;

    private TestKafka(String bootstrapServers, @Nullable EmbeddedKafka own) {
        this.bootstrapServers = bootstrapServers;
        this.own = own;
    }

    /** Started at the first call, ended with the JVM. */
    private static final class Shared {
        static final TestKafka INSTANCE = create();

        private static TestKafka create() {
            Optional<String> container = Containers.kafka();
            if (container.isPresent()) {
                return new TestKafka(container.get(), null);
            }
            EmbeddedKafka kafka = new EmbeddedKafka(EmbeddedKafkaSettings.temporary());
            kafka.start();
            Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "stop-test-kafka"));
            return new TestKafka(kafka.bootstrapServers(), null);
        }
    }

    /** The one of this JVM; not to be stopped. Tests keep apart by {@link TestTopics#unique}. */
    public static TestKafka shared() {
        return Shared.INSTANCE;
    }

    /** A new embedded one, to be closed by its test; its data stays over stop and restart. */
    public static TestKafka start() {
        EmbeddedKafka kafka = new EmbeddedKafka(EmbeddedKafkaSettings.temporary());
        kafka.start();
        return new TestKafka(kafka.bootstrapServers(), kafka);
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** For the clients of the runtime: this server, with so many partitions for new topics. */
    public KafkaConfig config(int partitions) {
        return new KafkaConfig(bootstrapServers, partitions, (short) 1, Map.of());
    }

    /** Stops an own one; clients find nobody on its port. */
    public void stop() {
        own().stop();
    }

    /** Starts an own one again, on its port and data; stops it before if it runs. */
    public void restart() {
        own().stop();
        own().start();
    }

    @Override
    public void close() {
        own().close();
    }

    private EmbeddedKafka own() {
        EmbeddedKafka mine = own;
        if (mine == null) {
            throw new UnsupportedOperationException(
                    "the shared Kafka is not to be stopped; use TestKafka.start()");
        }
        return mine;
    }
}
