package io.pushgate.embedded;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * How an {@link EmbeddedKafka} is to run.
 *
 * @param port the TCP port for clients on 127.0.0.1; 0 takes a free one at the first start and
 *     keeps it
 * @param dataDir where the logs live, formatted at the first start; without one they go with {@code
 *     close()}
 * @param properties further broker properties; they win over ours
 */
public record EmbeddedKafkaSettings(
        int port, @Nullable Path dataDir, Map<String, String> properties) {
    public EmbeddedKafkaSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
        properties = Map.copyOf(properties);
    }

    /** On a free port, in a temporary folder. */
    public static EmbeddedKafkaSettings temporary() {
        return new EmbeddedKafkaSettings(0, null, Map.of());
    }

    public EmbeddedKafkaSettings withPort(int newPort) {
        return new EmbeddedKafkaSettings(newPort, dataDir, properties);
    }

    public EmbeddedKafkaSettings withDataDir(Path newDataDir) {
        return new EmbeddedKafkaSettings(port, newDataDir, properties);
    }

    public EmbeddedKafkaSettings with(String name, String value) {
        Map<String, String> all = new HashMap<>(properties);
        all.put(name, value);
        return new EmbeddedKafkaSettings(port, dataDir, all);
    }
}
