package io.pushgate.cli;

import io.pushgate.runtime.StartupException;
import io.pushgate.runtime.config.KafkaConfig;
import io.pushgate.runtime.config.RedisConfig;
import io.pushgate.standalone.RunningStandalone;
import io.pushgate.standalone.SigningKeys;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Where the gateway is that a short command talks to: what a flag says, else the environment, else
 * the standalone that runs on this machine.
 */
final class Whereabouts {
    private static final String KAFKA_VARIABLE = "PUSHGATE_KAFKA_BOOTSTRAP_SERVERS";
    private static final String REDIS_VARIABLE = "PUSHGATE_REDIS_URI";
    private static final String DATA_VARIABLE = "PUSHGATE_DATA";

    private static final Duration REDIS_TIMEOUT = Duration.ofSeconds(3);

    private final Map<String, String> env;
    private final @Nullable Path data;

    /**
     * @param data the data folder that a flag names
     */
    Whereabouts(Map<String, String> env, @Nullable Path data) {
        this.env = env;
        String named = env.getOrDefault(DATA_VARIABLE, "");
        this.data = data == null && !named.isBlank() ? Path.of(named) : data;
    }

    /** The key to sign tokens with. */
    SigningKeys key(@Nullable Path flag) throws CommandFailure, StartupException {
        if (flag != null) {
            return SigningKeys.load(flag);
        }
        if (data != null) {
            Path file = data.resolve(SigningKeys.DEVELOPMENT_FILE);
            if (!Files.exists(file)) {
                throw new CommandFailure(
                        "there is no development key in " + data + ": no standalone ran there yet");
            }
            return SigningKeys.load(file);
        }
        return SigningKeys.load(
                standalone()
                        .map(RunningStandalone::developmentKey)
                        .orElseThrow(() -> nowhere("--data DIR or --key FILE")));
    }

    /** The WebSocket address. */
    String url(@Nullable String flag) throws CommandFailure {
        if (flag != null) {
            return flag;
        }
        return standalone()
                .map(RunningStandalone::url)
                .orElseThrow(() -> nowhere("--url ws://HOST:PORT/v1/ws"));
    }

    /** The Kafka; a configuration file or variable brings its further properties along. */
    KafkaConfig kafka(@Nullable String flag, @Nullable Path config)
            throws CommandFailure, StartupException {
        boolean configured =
                config != null
                        || env.containsKey(ConfigOptions.CONFIG_VARIABLE)
                        || env.containsKey(KAFKA_VARIABLE);
        if (configured) {
            return ConfigOptions.load(
                            config,
                            flag == null ? Map.of() : Map.of("kafka.bootstrap-servers", flag))
                    .kafka();
        }
        String servers = flag;
        if (servers == null) {
            servers =
                    standalone()
                            .map(RunningStandalone::kafka)
                            .orElseThrow(() -> nowhere("--kafka HOST:PORT"));
        }
        return new KafkaConfig(servers, 1, (short) 1, Map.of());
    }

    /** The Redis. */
    RedisConfig redis(@Nullable String flag, @Nullable Path config)
            throws CommandFailure, StartupException {
        boolean configured =
                config != null
                        || env.containsKey(ConfigOptions.CONFIG_VARIABLE)
                        || env.containsKey(REDIS_VARIABLE);
        if (configured) {
            return ConfigOptions.load(config, flag == null ? Map.of() : Map.of("redis.uri", flag))
                    .redis();
        }
        String uri = flag;
        if (uri == null) {
            uri =
                    standalone()
                            .map(RunningStandalone::redis)
                            .orElseThrow(() -> nowhere("--redis redis://HOST:PORT"));
        }
        return new RedisConfig(uri, RedisConfig.Mode.AUTO, REDIS_TIMEOUT);
    }

    private Optional<RunningStandalone> standalone() {
        return data == null ? RunningStandalone.latest(env) : RunningStandalone.in(data);
    }

    private CommandFailure nowhere(String flag) {
        return new CommandFailure(
                "no standalone is running"
                        + (data == null ? "" : " on " + data)
                        + ": start one with ./pushgate standalone, or give "
                        + flag);
    }
}
