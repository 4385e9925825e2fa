package io.pushgate.cli;

import io.pushgate.runtime.config.ConfigException;
import io.pushgate.runtime.config.ConfigLoader;
import io.pushgate.standalone.PushgateConfig;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The flags that every server takes, and how flags, environment and file become one configuration.
 */
final class ConfigOptions {
    /** Names the file where no flag does. */
    static final String CONFIG_VARIABLE = "PUSHGATE_CONFIG";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "YAML file with the configuration; PUSHGATE_* variables and flags win over it.")
    private @Nullable Path file;

    @Option(
            names = "--node-id",
            paramLabel = "ID",
            description = "Names this process among the others.")
    private @Nullable String nodeId;

    @Option(
            names = "--management-port",
            paramLabel = "PORT",
            description = "Serves /metrics and /health; 0 for any free one (default: 8082).")
    private @Nullable Integer managementPort;

    /**
     * Reads all of it.
     *
     * @param flags further settings from the command line, by path; null where not given
     * @throws ConfigException with every mistake at once
     */
    PushgateConfig load(Map<String, @Nullable Object> flags) throws ConfigException {
        Map<String, String> overrides = new HashMap<>();
        Map<String, @Nullable Object> all = new HashMap<>(flags);
        all.put("node-id", nodeId);
        all.put("management.port", managementPort);
        all.forEach(
                (path, value) -> {
                    if (value != null) {
                        overrides.put(path, value.toString());
                    }
                });
        return load(file, overrides);
    }

    static PushgateConfig load(@Nullable Path flag, Map<String, String> overrides)
            throws ConfigException {
        Map<String, String> env = new HashMap<>(System.getenv());
        env.remove(Failures.DEBUG);
        String named = env.getOrDefault(CONFIG_VARIABLE, "");
        Path file = flag == null && !named.isBlank() ? Path.of(named) : flag;
        return ConfigLoader.load(PushgateConfig.class, file, env, overrides);
    }
}
