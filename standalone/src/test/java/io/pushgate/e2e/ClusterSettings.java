package io.pushgate.e2e;

import io.pushgate.embedded.EmbeddedRedisSettings;
import io.pushgate.mailbox.RoleContext;
import io.pushgate.standalone.RoleKind;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What a {@link Cluster} is made of: one of each role but the console, unless told otherwise. */
final class ClusterSettings {
    private final Map<RoleKind, Integer> counts = new EnumMap<>(RoleKind.class);
    private final Map<RoleKind, UnaryOperator<RoleContext>> hooks = new EnumMap<>(RoleKind.class);
    private final Map<String, String> config = new HashMap<>();
    private EmbeddedRedisSettings redis = EmbeddedRedisSettings.inMemory();

    ClusterSettings() {
        for (RoleKind kind : RoleKind.values()) {
            counts.put(kind, 1);
        }
        counts.put(RoleKind.CONSOLE, 0);
        set("console.port", "0");
        set("access.port", "0")
                .set("access.host", "127.0.0.1")
                .set("access.goaway-spread", "100ms");
        set("drain.deadline", "10s").set("mailbox.jitter", "0").set("kafka.partitions", "4");
    }

    /** With a Redis whose data outlives its restart. */
    ClusterSettings persistentIn(Path folder) {
        redis = redis.withDataDir(folder);
        return this;
    }

    EmbeddedRedisSettings redis() {
        return redis;
    }

    /** How many of a role. */
    ClusterSettings with(RoleKind kind, int count) {
        counts.put(kind, count);
        return this;
    }

    /** A setting by its path, as in the configuration file. */
    ClusterSettings set(String path, String value) {
        config.put(path, value);
        return this;
    }

    /** Changes what a role's members are built on, such as a lossy bus. */
    ClusterSettings hook(RoleKind kind, UnaryOperator<RoleContext> hook) {
        hooks.put(kind, hook);
        return this;
    }

    int count(RoleKind kind) {
        return counts.getOrDefault(kind, 0);
    }

    UnaryOperator<RoleContext> hook(RoleKind kind) {
        return hooks.getOrDefault(kind, UnaryOperator.identity());
    }

    /** With further ones, which win. */
    Map<String, String> config(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(config);
        all.putAll(more);
        return all;
    }

    Cluster start() throws Exception {
        return Cluster.start(this);
    }
}
