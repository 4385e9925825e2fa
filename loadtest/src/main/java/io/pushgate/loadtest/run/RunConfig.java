package io.pushgate.loadtest.run;

import io.pushgate.loadtest.control.Plan;
import io.pushgate.loadtest.control.Shape;
import io.pushgate.protocol.Names;
import io.pushgate.protocol.PushRequestCodec;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a distributed run does.
 *
 * @param load how much of what
 * @param target where it goes
 * @param receipts whether to demand and account for receipts
 * @param drain how long to wait, after the last publish, for messages and receipts
 */
public record RunConfig(Load load, Target target, boolean receipts, Duration drain) {
    /**
     * @throws IllegalArgumentException in words for the person who typed the value
     */
    public RunConfig {
        check(!drain.isNegative(), "the drain time must not be negative");
    }

    /**
     * @param connections devices, each with one connection
     * @param rate messages a second; 0 holds the connections and publishes nothing
     * @param seconds how long to publish, or to hold
     * @param bytes of a message's data
     * @param devicesPerUser how many neighbouring devices one user has; without meaning for {@link
     *     Shape#UNICAST}
     * @param ramp connections begun a second, by all agents together
     */
    public record Load(
            int connections,
            int rate,
            int seconds,
            int bytes,
            Shape shape,
            int devicesPerUser,
            int ramp) {
        /**
         * @throws IllegalArgumentException in words for the person who typed the value
         */
        public Load {
            range("connections", connections, 1, 10_000_000);
            range("rate", rate, 0, 1_000_000);
            range("seconds", seconds, 1, 7 * 24 * 3600);
            range("size", bytes, RequestTemplate.MIN_BYTES, PushRequestCodec.MAX_DATA_BYTES);
            range("devices-per-user", devicesPerUser, 1, 100);
            range("ramp", ramp, 1, 1_000_000);
            check(
                    (long) rate * seconds * devicesPerUser <= Plan.MAX_DELIVERIES,
                    "rate times seconds times devices per user must be at most "
                            + Plan.MAX_DELIVERIES);
        }

        /** How many messages are published. */
        public int messages() {
            return rate * seconds;
        }
    }

    /**
     * @param app the app the devices belong to
     * @param urls access servers, {@code ws://host:port}; devices are spread over them in turn
     * @param sources local addresses of the agents to connect from, in turn; empty for any
     * @param tokens makes the JWT of a device
     * @param kafkaBootstrap {@code host:port[,host:port]}
     * @param kafkaProperties of every Kafka client, by Kafka's own names
     */
    public record Target(
            String app,
            List<String> urls,
            List<String> sources,
            Tokens tokens,
            String kafkaBootstrap,
            Map<String, String> kafkaProperties) {
        /**
         * @throws IllegalArgumentException in words for the person who typed the value
         */
        public Target {
            urls = List.copyOf(urls);
            sources = List.copyOf(sources);
            kafkaProperties = Map.copyOf(kafkaProperties);
            check(Names.isApp(app), "not an app name: " + app);
            check(!urls.isEmpty(), "at least one address of an access server is needed");
            urls.forEach(url -> check(isWebSocket(url), "not a ws:// address: " + url));
        }
    }

    /** Signs tokens; called by one thread. */
    @FunctionalInterface
    public interface Tokens {
        String token(String device, @Nullable String user);
    }

    private static boolean isWebSocket(String url) {
        URI uri = URI.create(url);
        return "ws".equals(uri.getScheme()) && uri.getHost() != null;
    }

    private static void range(String name, int value, int min, int max) {
        check(
                value >= min && value <= max,
                "%s must be between %,d and %,d, not %,d".formatted(name, min, max, value));
    }

    private static void check(boolean ok, String message) {
        if (!ok) {
            throw new IllegalArgumentException(message);
        }
    }
}
