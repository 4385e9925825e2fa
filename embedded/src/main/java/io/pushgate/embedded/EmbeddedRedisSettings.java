package io.pushgate.embedded;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How an {@link EmbeddedRedis} is to run.
 *
 * @param port the TCP port on 127.0.0.1; 0 takes a free one at the first start and keeps it
 * @param dataDir where the append-only file lives (fsync every second); without one nothing
 *     outlives a stop
 * @param arguments further {@code redis-server} arguments, such as {@code --maxmemory}, {@code
 *     100mb}; they win over ours
 */
public record EmbeddedRedisSettings(int port, @Nullable Path dataDir, List<String> arguments) {
    public EmbeddedRedisSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
        arguments = List.copyOf(arguments);
    }

    /** On a free port, without persistence. */
    public static EmbeddedRedisSettings inMemory() {
        return new EmbeddedRedisSettings(0, null, List.of());
    }

    public EmbeddedRedisSettings withPort(int newPort) {
        return new EmbeddedRedisSettings(newPort, dataDir, arguments);
    }

    public EmbeddedRedisSettings withDataDir(Path newDataDir) {
        return new EmbeddedRedisSettings(port, newDataDir, arguments);
    }

    public EmbeddedRedisSettings with(String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return new EmbeddedRedisSettings(port, dataDir, all);
    }
}
