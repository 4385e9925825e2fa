package io.pushgate.deploy;

import com.fasterxml.jackson.databind.JsonNode;

import io.lettuce.core.RedisURI;
import io.pushgate.runtime.config.ConfigException;
import io.pushgate.runtime.config.ConfigLoader;
import io.pushgate.standalone.PushgateConfig;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Has the gateway's own loader read the settings that a container would be given. */
final class Settings {
    private Settings() {}

    /**
     * Fails with every mistake, as the start of the process would; also where redis.uri is none.
     *
     * @param file the configuration file, or null where the container has none
     */
    static PushgateConfig load(@Nullable Path file, Map<String, String> env)
            throws ConfigException {
        PushgateConfig config = ConfigLoader.load(PushgateConfig.class, file, env, Map.of());
        for (String address : config.redis().uri().split(",", -1)) {
            var _ = RedisURI.create(address);
        }
        return config;
    }

    /** The variables of a compose service: names and values. */
    static Map<String, String> ofMap(JsonNode environment) {
        Map<String, String> env = new TreeMap<>();
        environment.properties().forEach(e -> env.put(e.getKey(), e.getValue().asText()));
        return env;
    }
}
